import { OWN_ORGANIZATION, refuseEscalation, SYSTEM_ROLES, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findRoles } from '../roles'
import { countProjectAccessRows } from './access-list.store'
import { findProject, moveDefault, type ProjectRow } from './project.store'
import { projectObject } from './project-access'
import { projectAudit } from './project-audit'

/** What making another project the default one did. */
export interface DefaultMoved {
  /** Joined members who were in the former default project as such alone, and are not in it any more. */
  membersLosingAccess: number
}

/**
 * Makes an active project the one that every joined member is in. The former one becomes an ordinary project: whoever
 * was in it as a member of the organization alone is not in it any more; grants stay as they are, there and here. Everybody
 * gets what a Project member holds, so the actor must hold that in the project.
 *
 * @throws NOT_FOUND  when the actor cannot see the project
 * @throws FORBIDDEN  a Project member holds more than the actor
 * @throws WRONG_STATE  the project is archived
 */
export const makeProjectDefault = writeUseCase({
  name: 'makeProjectDefault',
  requires: 'organization.update',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { projectId: string }) =>
    projectObject(context, context.organizationId, { id: input.projectId }),
  locks: 'update',
  async run(context, _input, object): Promise<DefaultMoved> {
    const { tx, organizationId } = context
    const { project } = object
    if (project.isDefault) return { membersLosingAccess: 0 }
    if (project.status === 'ARCHIVED') throw new AppError('WRONG_STATE', 'Take the project out of the archive first.')
    const roles = await findRoles(tx, organizationId, 'PROJECT')
    const plain = roles.find(({ key }) => key === SYSTEM_ROLES.PROJECT_MEMBER.key)!
    refuseEscalation(context.actor, plain.permissions, object, ['id'])
    const everything = { memberId: null, seesAll: true, onlyProjectId: null }
    const former = (await findProject(tx, organizationId, everything, 'default')) as ProjectRow
    const joined = await countProjectAccessRows(tx, organizationId, former, null, null)
    const staying = await countProjectAccessRows(tx, organizationId, { ...former, isDefault: false }, null, null)
    await moveDefault(tx, organizationId, former.id, project.id)
    const changes = [{ field: 'isDefault', before: false, after: true }]
    context.audit(projectAudit('project.made_default', project, changes))
    context.audit(projectAudit('project.default_ended', former, [{ field: 'isDefault', before: true, after: false }]))
    return { membersLosingAccess: joined - staying }
  },
})
