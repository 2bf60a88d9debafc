import { quoted, refusal, ScimError } from '../errors'
import { expectMessage, fieldsOf, isList, type JsonValue, type Mode, optionalInteger, optionalText } from '../json'
import type { ResourceType } from '../schema/definition'
import { RESOURCE_TYPES } from '../schema/resource-types'

/** The URN of the body of a POST to `/Bulk`. */
export const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'

/** What one bulk request may hold; must be what is advertised. */
export interface BulkLimits {
  readonly maxOperations: number
  /** Bytes. */
  readonly maxPayloadSize: number
}

export type BulkMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One operation of a bulk request. */
export interface BulkOperation {
  readonly method: BulkMethod
  readonly bulkId: string | undefined
  /** What a request by itself would have in If-Match. */
  readonly version: string | undefined
  readonly type: ResourceType
  /** Undefined for POST. It may be `bulkId:x`. */
  readonly id: string | undefined
  /** The body; null for DELETE. */
  readonly data: JsonValue
}

/** An operation, or why it cannot be one; `method` and `bulkId` are what was sent, as far as it is readable. */
export type BulkItem =
  | { readonly kind: 'operation'; readonly operation: BulkOperation }
  | {
      readonly kind: 'unreadable'
      readonly method: string
      readonly bulkId: string | undefined
      readonly error: ScimError
    }

/** A bulk request (RFC 7644 §3.7). */
export interface BulkRequest {
  /** Errors after which the rest is not tried; undefined: everything is tried. */
  readonly failOnErrors: number | undefined
  readonly items: readonly BulkItem[]
}

/** Refuses a body by its size before it is parsed. @throws 413 naming the limit */
export function requirePayloadSize(bytes: number, { maxPayloadSize }: BulkLimits): void {
  if (bytes <= maxPayloadSize) return
  throw new ScimError(413, undefined, `A bulk request has at most ${maxPayloadSize} bytes (maxPayloadSize). Split it.`)
}

/**
 * Reads the body of a bulk request. What is wrong with one operation becomes that operation's result.
 *
 * @throws 413 naming the limit for too many operations; invalidSyntax for the shape of the request
 */
export function readBulk(body: JsonValue, { maxOperations }: BulkLimits, mode: Mode): BulkRequest {
  const fields = fieldsOf(body, 'The body')
  expectMessage(fields, BULK_REQUEST, mode)
  const operations = fields.get('operations')
  if (!isList(operations)) throw refusal('invalidSyntax', '"Operations" must be an array of operations.')
  if (operations.length > maxOperations) {
    throw new ScimError(
      413,
      undefined,
      `A bulk request has at most ${maxOperations} operations (maxOperations). Split it.`,
    )
  }
  const failOnErrors = optionalInteger(fields, 'failOnErrors')
  if (failOnErrors !== undefined && failOnErrors < 1)
    throw refusal('invalidValue', '"failOnErrors" must be at least 1.')
  const taken = new Set<string>()
  return { failOnErrors, items: operations.map((operation) => readItem(operation, taken)) }
}

function readItem(json: JsonValue, taken: Set<string>): BulkItem {
  let method = ''
  let bulkId: string | undefined
  try {
    const fields = fieldsOf(json, 'An operation')
    method = optionalText(fields, 'method', 'An operation')?.toUpperCase() ?? ''
    bulkId = optionalText(fields, 'bulkId', 'An operation')
    return { kind: 'operation', operation: readOperation(fields, methodOf(method), bulkId, taken) }
  } catch (error) {
    if (error instanceof ScimError) return { kind: 'unreadable', method, bulkId, error }
    throw error
  }
}

function readOperation(
  fields: ReadonlyMap<string, JsonValue>,
  method: BulkMethod,
  bulkId: string | undefined,
  taken: Set<string>,
): BulkOperation {
  if (method === 'POST' && !bulkId) throw refusal('invalidSyntax', 'A POST needs a "bulkId".')
  if (bulkId !== undefined) {
    if (taken.has(bulkId)) throw refusal('invalidSyntax', `The bulkId ${quoted(bulkId)} is there twice. Use each once.`)
    taken.add(bulkId)
  }
  const { type, id } = placeOf(optionalText(fields, 'path', 'An operation') ?? '', method)
  const data = fields.get('data') ?? null
  if (method !== 'DELETE' && data === null) throw refusal('invalidSyntax', `A ${method} needs "data".`)
  return { method, bulkId, version: optionalText(fields, 'version', 'An operation'), type, id, data }
}

function methodOf(method: string): BulkMethod {
  if (method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE') return method
  throw refusal('invalidSyntax', `"method" must be POST, PUT, PATCH or DELETE, not ${quoted(method)}.`)
}

/** `/Users` for POST, `/Users/<id>` for the others; nothing else, so no other host, no `..`, no `/Me` and no `/Bulk`. */
function placeOf(path: string, method: BulkMethod): { type: ResourceType; id: string | undefined } {
  const [empty, endpoint, id, ...more] = path.split('/', 5)
  const type = RESOURCE_TYPES.find((each) => each.endpoint === `/${endpoint}`)
  const isForm = empty === '' && type !== undefined && more.length === 0
  const hasRightId = method === 'POST' ? id === undefined : isId(id)
  if (type && isForm && hasRightId) return { type, id }
  const wanted = RESOURCE_TYPES.map((each) => (method === 'POST' ? each.endpoint : `${each.endpoint}/<id>`)).join(
    ' or ',
  )
  throw refusal('invalidValue', `"path" of a ${method} must be ${wanted}, not ${quoted(path)}.`)
}

function isId(id: string | undefined): boolean {
  return id !== undefined && id !== '' && id !== '.' && id !== '..' && !/[?#%\s\\]/.test(id)
}
