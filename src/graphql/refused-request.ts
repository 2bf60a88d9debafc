import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, ERROR_CODES, type ErrorCode } from '../kernel/errors'

interface Refusal {
  code: ErrorCode
  message: string
}

// By HTTP status: Fastify refuses these before GraphQL sees them.
const REFUSALS: Readonly<Record<number, Refusal>> = {
  400: { code: 'BAD_USER_INPUT', message: 'The body is not JSON; send { "query": "…", "variables": { … } }.' },
  413: { code: 'COST_EXCEEDED', message: 'The request is longer than 256 KB; split it into several.' },
  415: { code: 'BAD_USER_INPUT', message: 'Send the request as content-type: application/json.' },
}

/**
 * Gives what fails before or around GraphQL the face of a GraphQL error (GraphQL over HTTP, "Status Codes").
 * To be set as the error handler of the routes' scope.
 */
export function answerRefusedRequest(
  error: FastifyError | AppError,
  request: FastifyRequest,
  reply: FastifyReply,
  logCause: (error: unknown, requestId: string) => void,
): FastifyReply {
  if (error instanceof AppError) {
    const { retryAfterSeconds } = error.details
    if (retryAfterSeconds) reply.header('retry-after', retryAfterSeconds)
    return sendErrors(reply, ERROR_CODES[error.code].status, error)
  }
  const refusal = REFUSALS[error.statusCode ?? 500]
  if (refusal) return sendErrors(reply, error.statusCode!, refusal)
  logCause(error, request.id)
  return sendErrors(reply, 500, {
    code: 'INTERNAL',
    message: 'Something failed on our side; tell the operator the request id.',
  })
}

/** A response that holds nothing but one error. */
export function sendErrors(reply: FastifyReply, status: number, { code, message }: Refusal): FastifyReply {
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({ errors: [{ message, extensions: { code } }], extensions: { requestId: reply.request.id } })
}
