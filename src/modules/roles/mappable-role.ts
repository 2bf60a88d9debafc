import { refuseEscalation, SYSTEM_ROLES, type WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { findRole, type Role } from './role.store'

/**
 * A role that an identity provider is to hand out, by sign-ins or by a directory. Nobody lets it hand out more than they
 * hold, and only an Admin lets it hand out Admin.
 * @throws NOT_FOUND, INVALID, FORBIDDEN  with the path of the argument that names it
 */
export async function mappableRole(context: WriteContext, roleId: string, path: readonly string[]): Promise<Role> {
  const role = await findRole(context.tx, context.organizationId, roleId)
  if (!role) throw new AppError('NOT_FOUND', 'The role does not exist.', { path })
  if (role.scope !== 'ORGANIZATION')
    throw new AppError('INVALID', `${role.name} is a role of projects; choose one of the organization.`, { path })
  const { actor } = context
  // Whoever holds a set-up link is nobody here, and so makes plain members at most.
  if (actor.kind === 'setup') {
    if (role.isSystem && role.key === SYSTEM_ROLES.MEMBER.key) return role
    throw new AppError('FORBIDDEN', 'A set-up link can hand out the role Member only; ask an Admin for others.', {
      path,
    })
  }
  if (role.isSystem && role.key === 'admin' && actor.kind === 'member' && actor.roleKey !== 'admin')
    throw new AppError('FORBIDDEN', 'Only an Admin can let an identity provider make Admins.', { path })
  refuseEscalation(actor, role.permissions, {}, path)
  return role
}
