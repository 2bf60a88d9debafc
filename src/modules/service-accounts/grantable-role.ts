import { notFound, refuseEscalation, type WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import type { ProjectObject } from '../projects'
import { findRole, type Role } from '../roles'

/**
 * The role that a service account is to have. Nobody hands out more than they hold.
 *
 * @param path  of the argument that names it
 * @throws NOT_FOUND  the role does not exist
 * @throws INVALID  it is not one for projects
 * @throws FORBIDDEN  it allows more than the actor may do in the project
 */
export async function grantableRole(
  context: WriteContext,
  project: ProjectObject,
  roleId: string,
  path: readonly string[] = ['input', 'roleId'],
): Promise<Role> {
  const role = await findRole(context.tx, context.organizationId, roleId)
  if (!role) throw notFound('The role')
  if (role.scope !== 'PROJECT')
    throw new AppError('INVALID', `${role.name} is a role of the organization; choose one for projects.`, { path })
  refuseEscalation(context.actor, role.permissions, project, path)
  return role
}
