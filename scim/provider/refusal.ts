import { AppError, type ErrorCode } from '../../src/kernel/errors'
import { refusal, ScimError } from '../protocol'

const CODES: ReadonlyMap<number, ErrorCode> = new Map([
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [409, 'NOT_UNIQUE'],
  [412, 'VERSION_MISMATCH'],
])

/**
 * Runs what a use case calls back. The spine knows one error, so what the protocol refuses travels in it as the cause.
 * @throws AppError
 */
export function inUseCase<T>(work: () => T): T {
  try {
    const result = work()
    return result instanceof Promise ? (result.catch(rethrow) as T) : result
  } catch (error) {
    return rethrow(error)
  }
}

function rethrow(error: unknown): never {
  if (!(error instanceof ScimError)) throw error
  throw new AppError(CODES.get(error.status) ?? 'INVALID', error.detail, {}, error)
}

/** What an error is to a SCIM client; undefined when it is a fault of ours, of which no client is told. */
export function scimErrorOf(error: unknown): ScimError | undefined {
  if (error instanceof ScimError) return error
  if (!(error instanceof AppError)) return undefined
  if (error.cause instanceof ScimError) return error.cause
  const { code, message } = error
  switch (code) {
    case 'UNAUTHENTICATED':
      return new ScimError(401, undefined, 'Send a valid token of this directory: Authorization: Bearer scim_…')
    case 'FORBIDDEN':
    case 'MEMBERSHIP_MODE':
      return new ScimError(403, undefined, message)
    case 'NOT_FOUND':
      return new ScimError(404, undefined, message)
    case 'NOT_UNIQUE':
    case 'ALREADY_MEMBER':
      return refusal('uniqueness', message)
    case 'COST_EXCEEDED':
      return refusal('tooMany', message)
    case 'RATE_LIMITED':
      return new ScimError(429, undefined, message)
    case 'UNAVAILABLE':
      return new ScimError(503, undefined, message)
    case 'INTERNAL':
      return undefined
    default:
      return refusal('invalidValue', message)
  }
}
