import { refusal } from '../errors'
import {
  expectMessage,
  fieldsOf,
  type JsonValue,
  type Mode,
  optionalInteger,
  optionalText,
  optionalTexts,
} from '../json'
import { attributeNames } from '../resource/project'

/** The URN of the body of a POST to `/.search`. */
export const SEARCH_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

/** What a query asks for, whether by URL or by `/.search`: as it was written, not looked up yet. */
export interface QueryParameters {
  readonly filter: string | undefined
  readonly attributes: readonly string[] | undefined
  readonly excludedAttributes: readonly string[] | undefined
  readonly sortBy: string | undefined
  readonly sortOrder: string | undefined
  readonly startIndex: number | undefined
  readonly count: number | undefined
  /** The empty text starts a walk by cursor (RFC 9865 §2). */
  readonly cursor: string | undefined
}

/**
 * Reads the part of a URL after the question mark, decoded as a form: `+` is a space. Names may have any case; unknown
 * ones are ignored.
 *
 * @throws invalidValue for a parameter that is there twice and for numbers that are none
 */
export function readQueryString(text: string): QueryParameters {
  const values = new Map<string, string>()
  for (const [key, value] of new URLSearchParams(text)) {
    const name = key.toLowerCase()
    if (values.has(name) && PARAMETERS.has(name)) throw refusal('invalidValue', `Send the parameter "${name}" once.`)
    values.set(name, value)
  }
  const names = (name: string) => (values.has(name) ? attributeNames(values.get(name)!) : undefined)
  return {
    filter: values.get('filter'),
    attributes: names('attributes'),
    excludedAttributes: names('excludedattributes'),
    sortBy: values.get('sortby'),
    sortOrder: values.get('sortorder'),
    startIndex: integerIn(values, 'startIndex'),
    count: integerIn(values, 'count'),
    cursor: values.get('cursor'),
  }
}

/** Reads the body of a POST to `/.search` (RFC 7644 §3.4.3). @throws invalidSyntax, invalidValue */
export function readSearchRequest(body: JsonValue, mode: Mode): QueryParameters {
  const fields = fieldsOf(body, 'The body')
  expectMessage(fields, SEARCH_REQUEST, mode)
  const text = (name: string) => optionalText(fields, name, 'The body')
  return {
    filter: text('filter'),
    attributes: optionalTexts(fields, 'attributes'),
    excludedAttributes: optionalTexts(fields, 'excludedAttributes'),
    sortBy: text('sortBy'),
    sortOrder: text('sortOrder'),
    startIndex: optionalInteger(fields, 'startIndex'),
    count: optionalInteger(fields, 'count'),
    cursor: text('cursor'),
  }
}

const PARAMETERS: ReadonlySet<string> = new Set([
  'filter',
  'attributes',
  'excludedattributes',
  'sortby',
  'sortorder',
  'startindex',
  'count',
  'cursor',
])

function integerIn(values: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = values.get(name.toLowerCase())
  if (text === undefined) return undefined
  const value = /^[+-]?\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN
  if (Number.isNaN(value)) throw refusal('invalidValue', `"${name}" must be an integer.`)
  return value
}
