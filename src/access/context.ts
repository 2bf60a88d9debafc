import type { Sealer } from '../platform/crypto'
import type { Statement, Transaction } from '../platform/database'
import type { Actor } from './actor'
import type { RequestFacts } from './caller'

/** What a reading use case is given. */
export interface ReadContext {
  readonly tx: Transaction
  readonly actor: Actor
  /** The tenant of the transaction; the nil UUID outside organizations. */
  readonly organizationId: string
  readonly request: RequestFacts
}

/** What a writing use case is given. Everything it records commits or vanishes with its own changes. */
export interface WriteContext extends ReadContext {
  /** The locked organization row; null when `locks` is `none`. */
  readonly locked: LockedOrganization | null
  /** Seals secrets that must be readable again, each for its own row. */
  readonly sealer: Sealer
  /** Records what happened. A write that records nothing is rolled back: it cannot have changed anything. */
  audit(entry: AuditEntry): void
  /** Hands a message to the outbox; it leaves after the commit, at least once. */
  send(message: OutgoingMessage): void
  /** Adds to the organization's counters, which are written last (docs/adr/0005-locks-and-counters.md). */
  count(changes: CounterChanges): void
  /** Sends a statement together with what is recorded: for a row that everybody who writes waits for. */
  last(statement: Statement, values: readonly unknown[]): void
}

/** The organization row as the lock found it. */
export interface LockedOrganization {
  organization_id: string
  name: string
  slug: string
  status: 'ACTIVE' | 'PENDING_DELETION'
  membership_mode: 'INVITATION' | 'SSO'
}

/** What an audit row says; ids are TypeIDs, labels are copied so that the row stays readable. */
export interface AuditEntry {
  /** e.g. `member.role.updated` */
  readonly action: string
  readonly targets: readonly { readonly type: string; readonly id: string; readonly label?: string }[]
  readonly changes?: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[]
}

/** A message that leaves after the commit. */
export interface OutgoingMessage {
  /** Names the handler of the outbox worker, e.g. `mail.invitation`. */
  readonly kind: string
  /** Whom or what it goes to; a dead destination holds up nobody else. */
  readonly destination: string
  readonly payload: Readonly<Record<string, unknown>>
  /** Sealed in the row and wiped after sending: a link or code that the database otherwise keeps only hashed. */
  readonly secret?: string
}

/** How the numbers of people and projects change. */
export interface CounterChanges {
  readonly joined?: number
  readonly invited?: number
  readonly suspended?: number
  readonly admins?: number
  readonly projects?: number
  /** The last Admin may go: only the identity provider can ask for that. */
  readonly mayBeAdminless?: true
}
