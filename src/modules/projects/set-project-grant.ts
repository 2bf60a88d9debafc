import { notFound, OWN_ORGANIZATION, refuseEscalation, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { findRole, type Role } from '../roles'
import { type ProjectObject, projectObject } from './project-access'
import { lockGrantee, upsertGrant } from './project-grant.store'

/** A member is to have a role in a project. */
export interface SetProjectGrant {
  projectId: string
  memberId: string
  roleId: string
}

/**
 * Gives a member a role in a project, or changes it. Invited people can be given one before they accept.
 *
 * @returns  the grant's id
 * @throws NOT_FOUND  project, member or role does not exist, or the actor cannot see the project
 * @throws INVALID  the role is not one for projects
 * @throws FORBIDDEN  the role allows more than the actor may do in the project
 * @throws WRONG_STATE  the project is archived
 */
export const setProjectGrant = writeUseCase({
  name: 'setProjectGrant',
  requires: 'project.grant',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: SetProjectGrant) => projectObject(context, context.organizationId, { id: input.projectId }),
  // Changes to who holds what wait for one another, so that nobody grants by a role that is being taken away.
  locks: 'update',
  async run(context, { memberId, roleId }, object): Promise<string> {
    const { project, organizationId } = object
    if (project.status === 'ARCHIVED') throw new AppError('WRONG_STATE', 'Take the project out of the archive first.')
    const role = await grantableRole(context, object, roleId)
    const grantee = await lockGrantee(context.tx, organizationId, memberId)
    if (!grantee) throw notFound('The member')
    const id = await upsertGrant(context.tx, organizationId, { projectId: project.id, memberId, roleId }, context.actor)
    context.audit({
      action: 'project.access.granted',
      targets: [
        { type: 'Project', id: toTypeId('Project', project.id), label: project.name },
        { type: 'Member', id: toTypeId('Member', memberId), label: grantee.email },
      ],
      changes: [{ field: 'role', before: null, after: role.key }],
    })
    return id
  },
})

/** Nobody hands out more than they hold. */
async function grantableRole(context: WriteContext, object: ProjectObject, roleId: string): Promise<Role> {
  const role = await findRole(context.tx, object.organizationId, roleId)
  if (!role) throw notFound('The role')
  if (role.scope !== 'PROJECT')
    throw new AppError('INVALID', `${role.name} is a role of the organization; choose one for projects.`, {
      path: ['roleId'],
    })
  refuseEscalation(context.actor, role.permissions, object, ['roleId'])
  return role
}
