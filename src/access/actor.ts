import type { Permission } from './permissions'

/** Nobody has signed in. */
export interface Anonymous {
  readonly kind: 'anonymous'
}

/**
 * A person on the account side: may create, list and switch organizations, accept invitations and cancel a deletion.
 * It holds no permission in any organization.
 */
export interface AccountSession {
  readonly kind: 'account'
  readonly sessionId: string
  readonly userId: string
  readonly identityId: string
  readonly provider: string
  readonly name: string
  readonly email: string
  /** True when the session was last marked active more than an hour ago. */
  readonly isIdle: boolean
}

/** A joined member in a session of one organization. */
export interface OrganizationSession {
  readonly kind: 'member'
  readonly sessionId: string
  readonly organizationId: string
  readonly userId: string
  readonly memberId: string
  readonly name: string
  readonly email: string
  readonly roleId: string
  readonly roleKey: string
  /** What the organization role allows; grants in projects come on top. */
  readonly permissions: ReadonlySet<Permission>
  /** True when the session was last marked active more than an hour ago. */
  readonly isIdle: boolean
}

/** Whoever runs the installation; holds every permission in every organization, and names the one it acts in. */
export interface Operator {
  readonly kind: 'operator'
}

/** Gatehouse itself: expiry, purge, delivery. */
export interface SystemActor {
  readonly kind: 'system'
  /** The job that acts, e.g. `purge`. */
  readonly name: string
}

/** Whoever acts, proven in the transaction that is about to run. */
export type Actor = Anonymous | AccountSession | OrganizationSession | Operator | SystemActor

/** The name of an actor as it is copied into audit rows, so that they stay readable after the actor is gone. */
export function actorLabel(actor: Actor): string {
  if (actor.kind === 'anonymous') return 'Somebody not signed in'
  if (actor.kind === 'operator') return 'Operator'
  if (actor.kind === 'system') return `Gatehouse (${actor.name})`
  return actor.name || actor.email
}

/** The id of the person who acts, or null for actors that are not people. */
export function actorUserId(actor: Actor): string | null {
  return actor.kind === 'account' || actor.kind === 'member' ? actor.userId : null
}
