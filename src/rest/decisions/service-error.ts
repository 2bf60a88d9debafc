import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, ERROR_CODES } from '../../kernel/errors'

/**
 * Answers what is wrong with a request of a service. An error is never a decision: whoever cannot be answered is told so
 * by the status. Introspection speaks as RFC 6749 §5.2 does; the rest as all of Gatehouse does outside of GraphQL.
 */
export function answerServiceError(
  error: FastifyError | AppError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { code, message, details, status } = known(error, request)
  if (code === 'UNAUTHENTICATED') reply.header('www-authenticate', challenge(request))
  if (details.retryAfterSeconds) reply.header('retry-after', details.retryAfterSeconds)
  if (request.routeOptions.url === '/oauth/introspect')
    return reply.code(status).send({ error: oauthError(status), error_description: message })
  return reply.code(status).send({ error: { code, message, ...(details.path && { path: details.path }) } })
}

function known(
  error: FastifyError | AppError,
  request: FastifyRequest,
): Pick<AppError, 'code' | 'message' | 'details'> & { status: number } {
  if (error instanceof AppError) {
    const { code, message, details } = error
    if (error.cause) request.log.warn({ err: error.cause, requestId: request.id, code }, 'service refused')
    return { code, message, details, status: ERROR_CODES[code].status }
  }
  const status = error.statusCode ?? 500
  if (status < 500) return { code: 'INVALID', message: UNREADABLE[status] ?? UNREADABLE[400]!, details: {}, status }
  request.log.error({ err: error, requestId: request.id }, 'service request failed')
  return { code: 'INTERNAL', message: 'Something failed that should not have.', details: {}, status: 500 }
}

const UNREADABLE: Readonly<Record<number, string>> = {
  400: 'The body could not be read.',
  413: 'The request is longer than 256 KB; split it into several.',
  415: 'Send evaluations as application/json, and introspection as application/x-www-form-urlencoded.',
}

/** RFC 6750 §3.1: no error is named to whoever sent no token. */
function challenge({ headers }: FastifyRequest): string {
  return `Bearer realm="gatehouse"${headers.authorization === undefined ? '' : ', error="invalid_token"'}`
}

function oauthError(status: number): string {
  if (status === 401) return 'invalid_token'
  if (status === 503) return 'temporarily_unavailable'
  return status < 500 ? 'invalid_request' : 'server_error'
}
