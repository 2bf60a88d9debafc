import type { FastifyRequest } from 'fastify'
import type { AuditEntry, DirectoryActor } from '../../src/access'
import type { JsonValue, ScimError } from '../protocol'
import type { DirectoryRequest, Outcome } from '../provider'
import type { Body } from './masked-body'
import type { ProvenTokens } from './proven-tokens'

/** What is known of a request while it is answered: what the handlers work on, and what the log says in the end. */
export interface ScimState {
  readonly startedAt: number
  readonly at: Date
  /** UUID of the directory in the path; null when it names none. */
  readonly directoryId: string | null
  /** Beginning and end of the token that was presented. */
  tokenPreview: string | null
  /** Set once the token is well-formed. */
  request: DirectoryRequest | null
  /** By what the directory is proven; null when that was tried, or there is no well-formed token. */
  unproven: { readonly tokenHash: Buffer; readonly tokens: ProvenTokens } | null
  outcome: Outcome | 'CONFLICT' | 'REFUSED' | 'FAILED' | null
  error: ScimError | null
  userId: string | null
  groupId: string | null
  memberId: string | null
  changes: readonly AuditEntry[]
  /** The body of the request, once it was read. */
  sent: JsonValue | undefined
  /** The body of the answer. */
  answer: Body | null
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until it is begun; undefined outside of the SCIM surface. */
    scimState?: ScimState | null
  }
}

/** Begins to know a request. */
export function beginState(request: FastifyRequest, directoryId: string | null): ScimState {
  const state: ScimState = {
    startedAt: performance.now(),
    at: new Date(),
    directoryId,
    tokenPreview: null,
    request: null,
    unproven: null,
    outcome: null,
    error: null,
    userId: null,
    groupId: null,
    memberId: null,
    changes: [],
    sent: undefined,
    answer: null,
  }
  request.scimState = state
  return state
}

/** What is known of a request; undefined when it never got as far. */
export function findState(request: FastifyRequest): ScimState | undefined {
  return request.scimState ?? undefined
}

/** The same for handlers, which run when there is a directory that may be asked. */
export function stateOf(request: FastifyRequest): ScimState & { request: DirectoryRequest } {
  const state = findState(request)
  if (!state?.request) throw new Error('A handler ran before the directory was looked for')
  return state as ScimState & { request: DirectoryRequest }
}

/** The directory that asks, once it is proven. */
export function provenDirectory({ request }: ScimState): DirectoryActor | null {
  const actor = request?.operation.actor
  return actor?.kind === 'directory' ? actor : null
}
