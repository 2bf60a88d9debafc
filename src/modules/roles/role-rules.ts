import { type Actor, permissionBeyond, type ReadContext, refuseEscalation, SYSTEM_ROLES } from '../../access'
import { AppError } from '../../kernel/errors'
import type { RoleDraft } from './role.model'
import { findRoles, type Role } from './role.store'

/** @throws WRONG_STATE  the role is built in, and nobody changes it */
export function refuseSystemRole({ isSystem, name }: Role): void {
  if (isSystem) throw new AppError('WRONG_STATE', `${name} is built in and stays as it is; make a role of your own.`)
}

/** @throws FORBIDDEN  the role allows more than the actor may do, and is none of their business */
export function refuseRoleAbove(actor: Actor, role: Pick<Role, 'permissions'>, path?: readonly string[]): void {
  const permission = permissionBeyond(actor, role.permissions)
  if (permission === null) return
  throw new AppError('FORBIDDEN', `This role allows ${permission}, which you do not hold yourself.`, {
    permission,
    ...(path && { path }),
  })
}

/** @throws FORBIDDEN  a role would allow more than the actor may do; the path names what was asked for */
export function refusePermissionsBeyond(actor: Actor, permissions: readonly string[], draft: RoleDraft): void {
  const beyond = permissionBeyond(actor, permissions)
  if (beyond === null) return
  const index = draft.permissions?.indexOf(beyond) ?? -1
  refuseEscalation(actor, [beyond], {}, ['input', 'permissions', ...(index < 0 ? [] : [String(index)])])
}

/**
 * The roles whose holders the actor must leave alone, by id, each with a permission that the actor lacks: nobody
 * changes, suspends or removes somebody who may do more than they. A plain Member is above nobody.
 */
export async function findRolesAbove(
  { tx, actor }: Pick<ReadContext, 'tx' | 'actor'>,
  organizationId: string,
): Promise<ReadonlyMap<string, string>> {
  if (holdsEverything(actor)) return new Map()
  const roles = await findRoles(tx, organizationId, 'ORGANIZATION')
  return new Map(
    roles
      .filter((role) => !(role.isSystem && role.key === SYSTEM_ROLES.MEMBER.key))
      .map((role) => [role.id, permissionBeyond(actor, role.permissions)] as const)
      .filter((pair): pair is readonly [string, string] => pair[1] !== null),
  )
}

function holdsEverything(actor: Actor): boolean {
  if (actor.kind === 'member') return actor.roleKey === SYSTEM_ROLES.ADMIN.key
  return actor.kind !== 'key'
}
