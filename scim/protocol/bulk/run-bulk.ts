import { type ErrorBody, errorBody, ScimError } from '../errors'
import type { Attributes } from '../values'
import { inOrder } from './order'
import type { BulkItem, BulkOperation, BulkRequest } from './read-bulk'
import { withReferences } from './references'

/** What became of an operation, as a request by itself would be answered. */
export interface BulkOutcome {
  readonly status: number
  /** Of what a POST made. */
  readonly id?: string
  readonly location?: string
  readonly version?: string
}

/** The result of one operation (RFC 7644 §3.7.3). `location` is absent for a POST that failed, `response` on success. */
export interface BulkResult {
  readonly method: string
  readonly bulkId?: string
  readonly version?: string
  readonly location?: string
  readonly status: string
  readonly response?: ErrorBody | Attributes
}

/** The body of the answer; the answer itself is 200 whatever became of the operations. */
export interface BulkResponse {
  readonly schemas: readonly [string]
  readonly Operations: readonly BulkResult[]
}

/**
 * Runs a bulk request: each operation after those it refers to, otherwise in order, until `failOnErrors` have failed.
 * Results come in the order of the request; what was not tried has none.
 *
 * Operations that refer to one another in a circle are refused with 409; link them by a PATCH afterwards.
 *
 * @param execute    does one operation, atomically and with the same checks as a request by itself; throws ScimError
 * @param locationOf the URL of the resource that a PUT, PATCH or DELETE is about
 */
export async function runBulk(
  { items, failOnErrors = Number.POSITIVE_INFINITY }: BulkRequest,
  execute: (operation: BulkOperation) => Promise<BulkOutcome>,
  locationOf: (operation: BulkOperation) => string,
): Promise<BulkResponse> {
  const ids = new Map<string, string>()
  const results: (BulkResult | undefined)[] = items.map(() => undefined)
  let failures = 0
  for (const { item, index, isCircular } of inOrder(items)) {
    if (failures >= failOnErrors) break
    const result = await runItem(item, isCircular, { ids, execute, locationOf })
    if (result.response) failures++
    results[index] = result
  }
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'],
    Operations: results.filter((result) => result !== undefined),
  }
}

interface Running {
  /** Ids of what was made so far, by bulkId. */
  readonly ids: Map<string, string>
  readonly execute: (operation: BulkOperation) => Promise<BulkOutcome>
  readonly locationOf: (operation: BulkOperation) => string
}

async function runItem(item: BulkItem, isCircular: boolean, running: Running): Promise<BulkResult> {
  if (item.kind === 'unreadable') return failed(item.method, item.bulkId, item.error)
  const { method, bulkId } = item.operation
  let operation = item.operation
  try {
    if (isCircular) throw circular()
    operation = withReferences(operation, running.ids)
    const { status, id, location, version } = await running.execute(operation)
    if (bulkId !== undefined && id !== undefined) running.ids.set(bulkId, id)
    return {
      method,
      ...(bulkId !== undefined && { bulkId }),
      ...(version !== undefined && { version }),
      location: location ?? running.locationOf(operation),
      status: String(status),
    }
  } catch (error) {
    if (!(error instanceof ScimError)) throw error
    return failed(method, bulkId, error, method === 'POST' ? undefined : running.locationOf(operation))
  }
}

function failed(method: string, bulkId: string | undefined, error: ScimError, location?: string): BulkResult {
  return {
    method,
    ...(bulkId !== undefined && { bulkId }),
    ...(location !== undefined && { location }),
    status: String(error.status),
    response: errorBody(error),
  }
}

function circular(): ScimError {
  const remedy = 'Make the resources without it, then link them by a PATCH.'
  return new ScimError(409, undefined, `The operation refers to itself by way of others. ${remedy}`)
}
