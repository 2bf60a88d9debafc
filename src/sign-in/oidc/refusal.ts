import { AuthorizationResponseError } from 'openid-client'
import { AppError } from '../../kernel/errors'

/** The provider could not be asked. */
export function unreachable(label: string, cause: unknown): AppError {
  const message = `${label} cannot be reached right now; try again in a moment or sign in another way.`
  return new AppError('UNAVAILABLE', message, { retryAfterSeconds: 10 }, cause)
}

/** The answer does not prove anybody. What exactly is wrong with it stands in the log only. */
export function notProven(label: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  const isCancelled = cause instanceof AuthorizationResponseError && cause.error === 'access_denied'
  const message = isCancelled
    ? `The sign-in at ${label} was cancelled.`
    : `${label} did not confirm the sign-in; begin again.`
  return new AppError('INVALID', message, {}, cause)
}
