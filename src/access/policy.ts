import type { Actor } from './actor'
import type { Permission } from './permissions'

/**
 * What a use case asks of its actor.
 * `anyone`    no secret needed
 * `account`   a signed-in person (account session)
 * `member`    any joined member of the organization, or the operator
 * `operator`  whoever runs the installation
 * otherwise   a permission of the catalogue, held in the organization the use case works on
 */
export type Requirement = Permission | 'anyone' | 'account' | 'member' | 'operator'

/** The organization a use case works on; null when it works on none. */
export interface AccessObject {
  readonly organizationId: string | null
  /** What the actor's grants in the project add, for permissions of project scope. */
  readonly projectPermissions?: ReadonlySet<Permission>
}

export type Decision = 'allowed' | 'unauthenticated' | 'not-found' | 'forbidden'

/**
 * Decides whether an actor may do something. Pure: what it is given is all it knows.
 * Whoever cannot see the object is told that it does not exist; whoever sees it is told that a permission is missing.
 */
export function decide(actor: Actor, requirement: Requirement, object: AccessObject): Decision {
  if (actor.kind === 'system' || requirement === 'anyone') return 'allowed'
  if (actor.kind === 'anonymous') return 'unauthenticated'
  if (requirement === 'account') return actor.kind === 'account' ? 'allowed' : 'unauthenticated'
  if (actor.kind === 'operator') return 'allowed'
  if (requirement === 'operator') return 'forbidden'
  return decideInOrganization(actor, requirement, object)
}

function decideInOrganization(actor: Actor, requirement: Permission | 'member', object: AccessObject): Decision {
  if (actor.kind !== 'member' || actor.organizationId !== object.organizationId) return 'not-found'
  if (requirement === 'member' || holds(actor.permissions, requirement, object)) return 'allowed'
  return 'forbidden'
}

function holds(permissions: ReadonlySet<Permission>, permission: Permission, object: AccessObject): boolean {
  return permissions.has(permission) || (object.projectPermissions?.has(permission) ?? false)
}
