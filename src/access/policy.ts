import type { Actor } from './actor'
import type { Permission } from './permissions'

/**
 * What a use case asks of its actor.
 * `anyone`    no secret needed
 * `account`   a signed-in person (account session)
 * `account-or-operator`  a signed-in person, whatever organization it is in, or the operator
 * `member`    any joined member of the organization, also through a personal key, or the operator
 * `inside`    whoever is in the organization at all: a joined member, any of its keys, or the operator
 * `operator`  whoever runs the installation
 * `service`   a service of the platform by its key, or the operator; proven without a look into the database
 * `directory`  a directory of the organization by its token, and nobody else
 * otherwise   a permission of the catalogue, held in the organization the use case works on
 */
export type Requirement =
  | Permission
  | 'anyone'
  | 'account'
  | 'account-or-operator'
  | 'member'
  | 'inside'
  | 'operator'
  | 'service'
  | 'directory'

/** The organization a use case works on; null when it works on none. */
export interface AccessObject {
  readonly organizationId: string | null
  /** What the actor holds here beyond the organization role: by grants in a project, as manager of a team. */
  readonly permissionsHere?: ReadonlySet<string>
}

export type Decision = 'allowed' | 'unauthenticated' | 'not-found' | 'forbidden'

/**
 * Decides whether an actor may do something. Pure: what it is given is all it knows.
 * Whoever cannot see the object is told that it does not exist; whoever sees it is told that a permission is missing.
 */
export function decide(actor: Actor, requirement: Requirement, object: AccessObject): Decision {
  if (actor.kind === 'system' || requirement === 'anyone') return 'allowed'
  if (actor.kind === 'anonymous') return 'unauthenticated'
  if (requirement === 'directory' || actor.kind === 'directory') return decideForDirectory(actor, requirement, object)
  if (requirement === 'account') return actor.kind === 'account' ? 'allowed' : 'unauthenticated'
  if (actor.kind === 'operator') return 'allowed'
  // Where anything else is asked for, a service is not even proven, so this is all it ever gets.
  if (requirement === 'service') return actor.kind === 'service' ? 'allowed' : 'unauthenticated'
  if (actor.kind === 'service') return 'unauthenticated'
  if (requirement === 'account-or-operator') return actor.kind === 'account' ? 'allowed' : 'unauthenticated'
  if (requirement === 'operator') return 'forbidden'
  if (actor.kind === 'account' || actor.organizationId !== object.organizationId) return 'not-found'
  if (requirement === 'inside') return 'allowed'
  if (requirement === 'member') return isPerson(actor) ? 'allowed' : 'forbidden'
  return actor.permissions.has(requirement) || object.permissionsHere?.has(requirement) ? 'allowed' : 'forbidden'
}

// Where a directory is not asked for it is not even proven, and nobody else is asked for where it is.
function decideForDirectory(actor: Actor, requirement: Requirement, object: AccessObject): Decision {
  if (requirement !== 'directory' || actor.kind !== 'directory') return 'unauthenticated'
  return actor.organizationId === object.organizationId ? 'allowed' : 'not-found'
}

function isPerson(
  actor: Exclude<Actor, { kind: 'anonymous' | 'operator' | 'service' | 'directory' | 'system' }>,
): boolean {
  return actor.kind === 'member' || (actor.kind === 'key' && actor.owner.kind === 'member')
}
