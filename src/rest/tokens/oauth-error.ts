import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, ERROR_CODES } from '../../kernel/errors'

/** The error codes of RFC 6749 §5.2 that are used here, and of RFC 7009 §2.2.1. */
type OAuthCode =
  | 'invalid_request'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'unsupported_token_type'
  | 'temporarily_unavailable'
  | 'server_error'

/** What is wrong with a request of an OAuth client, in its words. */
export class OAuthError extends Error {
  constructor(
    readonly code: OAuthCode,
    description: string,
  ) {
    super(description)
  }
}

/** Answers as RFC 6749 §5.2 says. Of a grant that does not work nobody learns why. */
export function answerOAuthError(
  error: FastifyError | AppError | OAuthError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof OAuthError) return send(reply, 400, error.code, error.message)
  if (error instanceof AppError) {
    if (error.cause) request.log.warn({ err: error.cause, requestId: request.id, code: error.code }, 'token refused')
    if (error.details.retryAfterSeconds) reply.header('retry-after', error.details.retryAfterSeconds)
    return send(reply, ...known(error), error.message)
  }
  const status = error.statusCode ?? 500
  if (status < 500) return send(reply, status, 'invalid_request', 'Send a form (application/x-www-form-urlencoded).')
  request.log.error({ err: error, requestId: request.id }, 'token request failed')
  return send(reply, 500, 'server_error', 'Something failed that should not have.')
}

function known({ code }: AppError): [status: number, code: OAuthCode] {
  if (code === 'EXPIRED') return [400, 'invalid_grant']
  const { status } = ERROR_CODES[code]
  if (status === 503) return [503, 'temporarily_unavailable']
  return status < 500 ? [400, 'invalid_request'] : [500, 'server_error']
}

function send(reply: FastifyReply, status: number, error: OAuthCode, description: string): FastifyReply {
  return reply.code(status).send({ error, error_description: description })
}
