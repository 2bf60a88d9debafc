import type { Sealer } from '../platform/crypto'
import type { Database } from '../platform/database'
import type { AccountSession, Actor, KeyActor, OrganizationSession, SetupActor } from './actor'
import type { Authenticator } from './authentication'
import type { RequestFacts } from './caller'
import type { SharedWrites } from './shared-writes'

/** What a finished use case looked like from outside, for logs and metrics. */
export interface UseCaseReport {
  readonly useCase: string
  /** `OK` or the code of the refusal. */
  readonly outcome: string
  readonly actorKind: Actor['kind'] | 'unproven'
  readonly requestId: string
  readonly milliseconds: number
}

/** Whoever can be idle: a session or a key. */
export type IdleActor =
  | Pick<AccountSession, 'kind' | 'sessionId'>
  | Pick<OrganizationSession, 'kind' | 'organizationId' | 'sessionId'>
  | Pick<KeyActor, 'kind' | 'organizationId' | 'keyId'>
  | Pick<SetupActor, 'kind' | 'organizationId' | 'linkId'>

/** What every operation stands on. */
export interface Spine {
  readonly database: Database
  readonly authenticator: Authenticator
  readonly sealer: Sealer
  /** Of this process. */
  readonly sharedWrites: SharedWrites
  /** Told of every use case after it ended. */
  readonly report: (report: UseCaseReport) => void
  /** Told after each commit that put messages into the outbox, so that a worker of this process need not poll for them. */
  readonly messagesQueued: () => void
  /** Told once, after an operation, of an actor whose session or key has not been marked active for an hour. Never throws. */
  readonly markActive?: (actor: IdleActor, request: RequestFacts) => void
}
