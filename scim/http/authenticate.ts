import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { anonymousCaller, Operation, type Spine } from '../../src/access'
import { fromTypeId } from '../../src/kernel/ids'
import { identifyDirectory, scimBaseUrl, tokenPreview } from '../../src/modules/directories'
import { readToken } from '../../src/platform/crypto'
import { ScimError } from '../protocol'
import type { DirectoryRequest } from '../provider'
import { type RateLimiter, tooManyRequests } from './rate-limit'
import { beginState, findState, provenDirectory, type ScimState, stateOf } from './scim-request'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set by `getProvingLate` alone: its handler proves the directory. */
    readonly provesLate?: boolean
  }
}

// What is shorter is no token of ours, and shown by none of its characters.
const TOKEN_LENGTH = 40

/**
 * Proves which directory asks, before its body is read: the token in the header must be one of the directory in the path.
 * Whatever is wrong with either is one and the same 401, so that nothing about other directories can be learned. A route
 * made by `getProvingLate` does without: what it reads is read by statements that prove the directory themselves.
 *
 * @throws ScimError  401, 429
 * @throws AppError  UNAUTHENTICATED, UNAVAILABLE
 */
export async function authenticate(
  request: FastifyRequest,
  reply: FastifyReply,
  options: { readonly spine: Spine; readonly publicUrl: string; readonly limiter: RateLimiter },
): Promise<void> {
  const { directoryId: named = '' } = request.params as { directoryId?: string }
  const directoryId = fromTypeId('Directory', named)
  const state = beginState(request, directoryId)
  const token = bearerToken(request.headers.authorization)
  if (token) state.tokenPreview = token.length < TOKEN_LENGTH ? '…' : tokenPreview(token)
  const read = token === null ? null : readToken('scim', token)
  if (!token || !directoryId || !read?.organizationId) throw unauthenticated()
  const wait = options.limiter.take(token)
  if (wait > 0) {
    reply.header('retry-after', wait)
    throw tooManyRequests()
  }
  const facts = { id: request.id, ip: request.ip, userAgent: request.headers['user-agent']?.slice(0, 300) ?? null }
  const operation = new Operation(options.spine, {
    ...anonymousCaller(facts),
    directory: { token, directoryId },
  })
  const place = { organizationId: read.organizationId, directoryId }
  const base = scimBaseUrl(options.publicUrl, directoryId)
  state.request = { operation, place, base, mode: 'lenient' }
  if (!request.routeOptions.config.provesLate) await identify(state.request, state)
}

async function identify({ operation, place }: DirectoryRequest, state: ScimState): Promise<void> {
  const actor = await operation.execute(identifyDirectory, place)
  if (actor?.isStrict) state.request = { ...state.request!, mode: 'strict' }
}

/**
 * Answers GETs by a handler that proves the directory by what it reads. When it fails ahead of that, the directory is
 * proven then: nobody else is told what is wrong with a request.
 *
 * @param handler  throws ScimError, AppError; nothing that it reads may come from statements that prove nobody
 */
export function getProvingLate(
  app: FastifyInstance,
  path: string,
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
): void {
  app.get(path, { config: { provesLate: true } }, async (request, reply) => {
    try {
      return await handler(request as FastifyRequest, reply)
    } catch (error) {
      const state = stateOf(request)
      if (!provenDirectory(state)) await identify(state.request, state)
      throw error
    }
  })
}

/** Gives back what the request holds of the database; called when it has been answered. */
export async function release(request: FastifyRequest): Promise<void> {
  await findState(request)?.request?.operation.close()
}

/** RFC 6750 §2.1; no other scheme, and no bare token. */
function bearerToken(header: string | undefined): string | null {
  const match = /^Bearer +([A-Za-z0-9._~+/-]{1,300}=*)$/i.exec(header ?? '')
  return match?.[1] ?? null
}

function unauthenticated(): ScimError {
  return new ScimError(401, undefined, 'Send a valid token of this directory: Authorization: Bearer scim_…')
}
