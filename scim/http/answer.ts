import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../src/kernel/errors'
import {
  type Attributes,
  type DiscoveryDocument,
  errorBody,
  isNotModified,
  type ListFacts,
  type ListResponse,
  listText,
  refusal,
  ScimError,
} from '../protocol'
import { MemberConflict, type ShownResource, scimErrorOf, type Written } from '../provider'
import type { Body } from './masked-body'
import { BODY_LIMIT } from './scim-options'
import { findState, stateOf } from './scim-request'

const CONTENT_TYPE = 'application/scim+json; charset=utf-8'

/** Sends a body that is complete, and keeps it for the log. */
export function sendBody(
  reply: FastifyReply,
  status: number,
  body: Attributes | DiscoveryDocument | ListResponse | object,
): FastifyReply {
  return send(reply, status, { text: JSON.stringify(body), read: () => body })
}

/** Sends a page of what was found. @param resources  each a JSON object, as text */
export function sendList(reply: FastifyReply, resources: readonly string[], facts: ListFacts): FastifyReply {
  const text = listText(resources, facts)
  const excerpt = (items: number): string => {
    if (resources.length <= items) return text
    const omitted = JSON.stringify({ omitted: `${resources.length - items} more` })
    return listText([...resources.slice(0, items), omitted], facts, resources.length)
  }
  return send(reply, 200, { text, excerpt })
}

function send(reply: FastifyReply, status: number, answer: Body): FastifyReply {
  const state = findState(reply.request)
  if (state) state.answer = answer
  return reply.code(status).header('content-type', CONTENT_TYPE).send(answer.text)
}

/** Sends what a GET found, or 304 where the client has it already. */
export function sendFound(request: FastifyRequest, reply: FastifyReply, found: ShownResource): FastifyReply {
  stateOf(request).outcome = 'OK'
  setMeta(reply, found)
  const { 'if-none-match': ifNoneMatch } = request.headers
  if (isNotModified(ifNoneMatch, found.version)) return reply.code(304).send()
  return sendResource(reply, 200, found)
}

/** Sends what a write made of a resource; without a body where the client does not want one. */
export function sendWritten(
  request: FastifyRequest,
  reply: FastifyReply,
  status: 200 | 201 | 204,
  written: Written,
): FastifyReply {
  noteWritten(request, written)
  const { shown } = written
  if (shown) setMeta(reply, shown)
  return status === 204 || !shown ? reply.code(204).send() : sendResource(reply, status, shown)
}

function sendResource(reply: FastifyReply, status: number, { text }: ShownResource): FastifyReply {
  return send(reply, status, { text, excerpt: () => text })
}

/** Keeps for the log what a write did. */
export function noteWritten(request: FastifyRequest, { outcome, changes, userId, groupId, memberId }: Written): void {
  const state = stateOf(request)
  state.outcome = outcome
  state.changes = [...state.changes, ...changes]
  state.userId = userId ?? null
  state.groupId = groupId ?? null
  state.memberId = memberId ?? null
}

function setMeta(reply: FastifyReply, { version, location }: Pick<ShownResource, 'version' | 'location'>): void {
  reply.header('etag', version).header('location', location)
}

/** Answers every error as RFC 7644 §3.12 wants it. What is no refusal of ours says nothing, and is logged. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = scimErrorOf(error) ?? requestError(error)
  if (!known) request.log.error({ err: error, requestId: request.id }, 'scim request failed')
  const answer = known ?? new ScimError(500, undefined, `Something failed. Report the request id ${request.id}.`)
  const state = findState(request)
  if (state) {
    state.error = answer
    if (error instanceof MemberConflict) state.memberId = error.memberId
    state.outcome = answer.status >= 500 ? 'FAILED' : answer.status === 409 ? 'CONFLICT' : 'REFUSED'
  }
  if (answer.status === 401) reply.header('www-authenticate', 'Bearer realm="SCIM"')
  if (error instanceof AppError && error.details.retryAfterSeconds)
    reply.header('retry-after', error.details.retryAfterSeconds)
  return sendBody(reply, answer.status, errorBody(answer))
}

/** What the server itself refuses before a handler sees it. */
function requestError(error: unknown): ScimError | undefined {
  const { statusCode } = error as FastifyError
  if (statusCode === 413)
    return new ScimError(
      413,
      undefined,
      `A body has at most ${BODY_LIMIT} bytes, a bulk request at most its maxPayloadSize.`,
    )
  if (statusCode === 415)
    return new ScimError(415, undefined, 'Send the body as application/scim+json or application/json.')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return refusal('invalidSyntax', 'The request cannot be read.')
  return undefined
}
