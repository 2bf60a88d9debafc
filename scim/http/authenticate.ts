import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandler } from 'fastify'
import { anonymousCaller, Operation, type Spine } from '../../src/access'
import { fromTypeId } from '../../src/kernel/ids'
import { identifyDirectory, ReadOtherwise, scimBaseUrl, tokenPreview } from '../../src/modules/directories'
import { type Mode, ScimError } from '../protocol'
import type { DirectoryRequest } from '../provider'
import type { ProvenTokens } from './proven-tokens'
import { type RateLimiter, tooManyRequests } from './rate-limit'
import type { ReadTokens } from './read-tokens'
import { beginState, findState, provenDirectory, type ScimState, stateOf } from './scim-request'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set by `getProvingLate` alone: its handler proves the directory. */
    readonly provesLate?: boolean
    /** Set by `writeProvingLate` alone: its handler proves the directory, and what was assumed of it. */
    readonly writesProving?: boolean
  }
}

// What is shorter is no token of ours, and shown by none of its characters.
const TOKEN_LENGTH = 40

/**
 * Proves which directory asks, before its body is read: the token in the header must be one of the directory in the path.
 * Whatever is wrong with either is one and the same 401, so that nothing about other directories can be learned. A route
 * made by `getProvingLate` does without: what it reads is read by statements that prove the directory themselves. One made by
 * `writeProvingLate` does without for tokens that were proven a moment ago, whose bodies may be read.
 *
 * @throws ScimError  401, 429
 * @throws AppError  UNAUTHENTICATED, UNAVAILABLE
 */
export async function authenticate(
  request: FastifyRequest,
  reply: FastifyReply,
  options: {
    readonly spine: Spine
    readonly publicUrl: string
    readonly limiter: RateLimiter
    readonly readTokens: ReadTokens
    readonly provenTokens: ProvenTokens
  },
): Promise<void> {
  const { directoryId: named = '' } = request.params as { directoryId?: string }
  const directoryId = fromTypeId('Directory', named)
  const state = beginState(request, directoryId)
  const token = bearerToken(request.headers.authorization)
  if (token) state.tokenPreview = token.length < TOKEN_LENGTH ? '…' : tokenPreview(token)
  const read = token === null ? null : options.readTokens.read(token)
  if (!token || !directoryId || !read) throw unauthenticated()
  const wait = options.limiter.take(token)
  if (wait > 0) {
    reply.header('retry-after', wait)
    throw tooManyRequests()
  }
  const facts = { id: request.id, ip: request.ip, userAgent: request.headers['user-agent']?.slice(0, 300) ?? null }
  const place = { organizationId: read.organizationId, directoryId }
  const operation = new Operation(options.spine, {
    ...anonymousCaller(facts),
    directory: { ...place, tokenHash: read.hash },
  })
  const base = scimBaseUrl(options.publicUrl, directoryId)
  state.request = { operation, place, base, mode: 'lenient' }
  state.unproven = { tokenHash: read.hash, tokens: options.provenTokens }
  const { provesLate, writesProving } = request.routeOptions.config
  if (provesLate) return
  const assumed = writesProving ? options.provenTokens.modeOf(directoryId, read.hash) : null
  if (assumed === null) await identify(state.request, state)
  else state.request = readAs(state.request, assumed, assumed === 'strict')
}

async function identify(request: DirectoryRequest, state: ScimState): Promise<void> {
  const { directoryId } = request.place
  const { unproven } = state
  state.unproven = null
  unproven?.tokens.forget(directoryId, unproven.tokenHash)
  const actor = await request.operation.execute(identifyDirectory, request.place)
  const mode = actor?.isStrict ? 'strict' : 'lenient'
  unproven?.tokens.remember(directoryId, unproven.tokenHash, mode)
  state.request = readAs(request, mode, undefined)
}

/** @param isReadStrictly  what the writes are to refuse when it is not so; undefined when it is proven */
function readAs(request: DirectoryRequest, mode: Mode, isReadStrictly: boolean | undefined): DirectoryRequest {
  return { ...request, mode, place: { ...request.place, isReadStrictly } }
}

/**
 * Proves whoever is about to be told what is wrong with a request, if nothing has yet.
 * @throws AppError  UNAUTHENTICATED, UNAVAILABLE
 */
export async function proveBeforeRefusing(request: FastifyRequest): Promise<void> {
  const state = findState(request)
  if (state?.request && state.unproven && !provenDirectory(state)) await identify(state.request, state)
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
      await proveBeforeRefusing(request)
      throw error
    }
  })
}

/**
 * Answers writes by a handler whose use cases prove the directory where they write. Where a token was proven a moment ago,
 * it is assumed that its directory is read as it was then; when that is not so, nothing was done, and the handler runs again.
 *
 * @param handler  throws ScimError, AppError, ReadOtherwise; writes by use cases of a directory and by nothing else
 */
export function writeProvingLate(
  app: FastifyInstance,
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
): void {
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { mode } = stateOf(request).request
    try {
      return await handler(request, reply)
    } catch (error) {
      const state = stateOf(request)
      const isOtherwise = error instanceof ReadOtherwise
      if (isOtherwise) await identify(state.request, state)
      else await proveBeforeRefusing(request)
      // What was refused ahead of the proof may be right as the directory is read now.
      if (!isOtherwise && stateOf(request).request.mode === mode) throw error
      return handler(request, reply)
    }
  }
  app.route({ method, url: path, config: { writesProving: true }, handler: answer as RouteHandler })
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
