import { MAX_CURSOR_LENGTH } from '../bounds'
import { refusal, type ScimError } from '../errors'
import type { DiscoveryDocument } from '../schema/documents'
import type { Attributes } from '../values'
import type { QueryParameters } from './parameters'

/** Which part of the results is asked for. `count` is how many resources at most; 0 asks for the total alone. */
export type Page =
  /** `startIndex` counts from 1. */
  | { readonly kind: 'index'; readonly startIndex: number; readonly count: number }
  /** `cursor` is what the last page gave; undefined on the first. */
  | { readonly kind: 'cursor'; readonly cursor: string | undefined; readonly count: number }

/** How many resources a page has: when the client does not say, and at most. Must be what is advertised. */
export interface PageSizes {
  readonly defaultPageSize: number
  readonly maxPageSize: number
}

/**
 * Looks at `startIndex`, `count` and `cursor`. Numbers below their least value are raised to it and `count` is cut to
 * the largest page (RFC 7644 §3.4.2.4), silently, as both RFCs want.
 *
 * @throws invalidValue when both ways of paging are used; invalidCursor for what no cursor of ours looks like
 */
export function pageOf(parameters: QueryParameters, { defaultPageSize, maxPageSize }: PageSizes): Page {
  const { startIndex, cursor } = parameters
  const count = Math.min(Math.max(parameters.count ?? defaultPageSize, 0), maxPageSize)
  if (cursor === undefined) return { kind: 'index', startIndex: Math.max(startIndex ?? 1, 1), count }
  if (startIndex !== undefined) throw refusal('invalidValue', 'Send either "startIndex" or "cursor", not both.')
  if (cursor === '') return { kind: 'cursor', cursor: undefined, count }
  if (cursor.length > MAX_CURSOR_LENGTH || !/^[A-Za-z0-9._~-]+$/.test(cursor)) throw invalidCursor()
  return { kind: 'cursor', cursor, count }
}

/** One text for every cursor that is not ours, so that nothing can be learned from trying. */
export function invalidCursor(): ScimError {
  return refusal('invalidCursor', 'The cursor is not valid for this query. Start again with an empty cursor.')
}

/** The cursor was ours and is too old. */
export function expiredCursor(): ScimError {
  return refusal('expiredCursor', 'The cursor has expired. Start again with an empty cursor.')
}

/** The cursor was made for another `count`. */
export function invalidCount(): ScimError {
  return refusal('invalidCount', 'Repeat the "count" of the first page, or start again with an empty cursor.')
}

/** What a list response says beside its resources. */
export interface ListFacts {
  /** Resources that match, on all pages. */
  readonly totalResults: number
  /** By index only. */
  readonly startIndex?: number
  /** By cursor only; absent on the last page. */
  readonly nextCursor?: string
  /** By cursor only; absent on the first page. */
  readonly previousCursor?: string
}

/** The body of an answer with any number of resources (RFC 7644 §3.4.2). */
export interface ListResponse extends ListFacts {
  readonly schemas: readonly [string]
  readonly itemsPerPage: number
  readonly Resources: readonly (Attributes | DiscoveryDocument)[]
}

/** Makes a list response; `Resources` is there even when it is empty. */
export function listResponse(resources: ListResponse['Resources'], facts: ListFacts): ListResponse {
  return { ...headOf(resources.length, facts), Resources: resources }
}

/** The same as JSON text. @param resources  each a JSON object, as text */
export function listText(resources: readonly string[], facts: ListFacts, itemsPerPage = resources.length): string {
  const head = JSON.stringify(headOf(itemsPerPage, facts))
  return `${head.slice(0, -1)},"Resources":[${resources.join(',')}]}`
}

function headOf(itemsPerPage: number, facts: ListFacts): Omit<ListResponse, 'Resources'> {
  const { totalResults, startIndex, nextCursor, previousCursor } = facts
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults,
    ...(startIndex !== undefined && { startIndex }),
    itemsPerPage,
    ...(nextCursor !== undefined && { nextCursor }),
    ...(previousCursor !== undefined && { previousCursor }),
  }
}
