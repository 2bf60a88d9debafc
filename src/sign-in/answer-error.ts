import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, ERROR_CODES, type ErrorCode } from '../kernel/errors'
import { renderMessagePage, withReturnTo } from './pages'

const TITLES: Partial<Record<ErrorCode, string>> = {
  NOT_FOUND: 'Not found',
  FORBIDDEN: 'Not allowed',
  UNAUTHENTICATED: 'Sign in again',
  EXPIRED: 'Too old',
  RATE_LIMITED: 'Too many attempts',
  UNAVAILABLE: 'Not available right now',
  INTERNAL: 'Something went wrong',
}

// What callers of the API are told names ids and permissions, which people at a page have never seen.
const NEXT_STEPS: Partial<Record<ErrorCode, string>> = {
  NOT_FOUND: 'Check the address, and which organization you have opened.',
  FORBIDDEN: 'If you should be allowed to, ask an Admin of your organization.',
}

/** Says what went wrong: a page for browsers, JSON for everybody else. Causes go to the log. */
export function answerError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = asAppError(error)
  if (known.code === 'INTERNAL') request.log.error({ err: error, requestId: request.id }, 'page failed')
  else if (known.cause) request.log.warn({ err: known.cause, requestId: request.id, code: known.code }, 'page refused')
  if (isSignInNeeded(known, request)) return reply.redirect(withReturnTo('/login', request.url), 303)
  const { retryAfterSeconds } = known.details
  if (retryAfterSeconds) reply.header('retry-after', String(retryAfterSeconds))
  return answer(known, request, reply)
}

/** What has no route. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answer(new AppError('NOT_FOUND', 'There is nothing at this address.'), request, reply)
}

function answer({ code, message }: AppError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, remedy } = ERROR_CODES[code]
  if (!request.headers.accept?.includes('text/html')) return reply.code(status).send({ error: { code, message } })
  const signIn = code === 'RATE_LIMITED' ? null : signInPathOf(request.url)
  const page = renderMessagePage({
    title: TITLES[code] ?? 'That did not work',
    whatHappened: message,
    whatNext: signIn ? 'Begin the sign-in again.' : (NEXT_STEPS[code] ?? remedy),
    requestId: request.id,
    action: signIn ? { label: 'Begin again', url: signIn } : undefined,
  })
  return reply.code(status).type('text/html; charset=utf-8').send(page)
}

/** Where a sign-in that failed at this address begins; null where none was on its way. */
function signInPathOf(url: string): string | null {
  const [, connection] = /^\/sso\/(?:oidc|saml)\/(sso_\w+)\//.exec(url) ?? []
  if (connection) return `/sso/${connection}/start`
  return url.startsWith('/login') ? '/login' : null
}

/** Fastify's own refusals (a body too large, an unknown content type) are the caller's; the rest is ours. */
function asAppError(error: FastifyError | Error): AppError {
  if (error instanceof AppError) return error
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  if (status < 500) return new AppError('INVALID', 'The request could not be read.')
  return new AppError('INTERNAL', 'Something failed that should not have. Nothing was changed.', {}, error)
}

function isSignInNeeded({ code }: AppError, { method, url, headers }: FastifyRequest): boolean {
  const isPage = method === 'GET' && headers.accept?.includes('text/html')
  return code === 'UNAUTHENTICATED' && isPage === true && !url.startsWith('/login')
}
