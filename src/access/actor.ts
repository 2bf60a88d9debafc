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
  readonly permissions: ReadonlySet<string>
  /** True when the session was last marked active more than an hour ago. */
  readonly isIdle: boolean
  /** The connection through which the person signed in; null for a session that was opened from an account. */
  readonly ssoProviderId: string | null
}

/** An API key: it acts for its owner, and never beyond its own limits (docs/adr/0011-access-model.md). */
export interface KeyActor {
  readonly kind: 'key'
  readonly keyId: string
  readonly organizationId: string
  /** The key's name. */
  readonly name: string
  readonly owner: KeyOwner
  /** The one project in which the key works; null for a personal key without that limit. */
  readonly projectId: string | null
  /** What the key is cut down to; null when it may do everything its owner may. */
  readonly limit: ReadonlySet<string> | null
  /** What it may do in the whole organization: nothing when it works in one project only. */
  readonly permissions: ReadonlySet<string>
  /** What its owner's role brings into each project that the key can see, within the limit; grants come on top. */
  readonly inProject: ReadonlySet<string>
  /** True when the key was last marked used more than an hour ago. */
  readonly isIdle: boolean
}

/** Somebody who holds a set-up link: sets up what the link is for in its organization, and nothing else. */
export interface SetupActor {
  readonly kind: 'setup'
  readonly linkId: string
  readonly organizationId: string
  /** Who has made the link. */
  readonly madeByName: string
  readonly permissions: ReadonlySet<string>
  /** True when the link was last marked used more than an hour ago. */
  readonly isIdle: boolean
}

/** Whose key it is. */
export type KeyOwner =
  | { readonly kind: 'member'; readonly memberId: string; readonly userId: string; readonly seesAllProjects: boolean }
  | { readonly kind: 'serviceAccount'; readonly serviceAccountId: string }
  | { readonly kind: 'project' }

/** Whoever runs the installation; holds every permission in every organization, and names the one it acts in. */
export interface Operator {
  readonly kind: 'operator'
}

/** A service of the platform around Gatehouse: may introspect tokens and ask for decisions, nothing else. */
export interface ServiceActor {
  readonly kind: 'service'
}

/** A directory by one of its tokens: may do what SCIM asks of it, and nothing else anywhere (docs/adr/0017-directories.md). */
export interface DirectoryActor {
  readonly kind: 'directory'
  readonly organizationId: string
  readonly directoryId: string
  readonly tokenId: string
  /** The directory's name. */
  readonly name: string
  /** Whatever it asks is refused. */
  readonly isPaused: boolean
  /** Whatever it writes is computed and rolled back. */
  readonly isDryRun: boolean
  /** Held to the RFCs. */
  readonly isStrict: boolean
}

/** Gatehouse itself: expiry, purge, delivery. */
export interface SystemActor {
  readonly kind: 'system'
  /** The job that acts, e.g. `purge`. */
  readonly name: string
}

/** Whoever acts, proven in the transaction that is about to run. */
export type Actor =
  | Anonymous
  | AccountSession
  | OrganizationSession
  | KeyActor
  | SetupActor
  | Operator
  | ServiceActor
  | DirectoryActor
  | SystemActor

/** The name of an actor as it is copied into audit rows, so that they stay readable after the actor is gone. */
export function actorLabel(actor: Actor): string {
  if (actor.kind === 'anonymous') return 'Somebody not signed in'
  if (actor.kind === 'operator') return 'Operator'
  if (actor.kind === 'service') return 'Service'
  if (actor.kind === 'system') return `Gatehouse (${actor.name})`
  if (actor.kind === 'key') return `API key ${actor.name}`
  if (actor.kind === 'directory') return `Directory ${actor.name}`
  if (actor.kind === 'setup') return `Set-up link of ${actor.madeByName}`
  return actor.name || actor.email
}

/** The id of the person who acts, also through a personal key, or null for actors that are not people. */
export function actorUserId(actor: Actor): string | null {
  if (actor.kind === 'key') return actor.owner.kind === 'member' ? actor.owner.userId : null
  return actor.kind === 'account' || actor.kind === 'member' ? actor.userId : null
}

/** The id of the member who acts, in a session or through a personal key; null for everybody else. */
export function actorMemberId(actor: Actor): string | null {
  if (actor.kind === 'key') return actor.owner.kind === 'member' ? actor.owner.memberId : null
  return actor.kind === 'member' ? actor.memberId : null
}
