import { decide, OWN_ORGANIZATION, refuse, refuseEscalation, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { findRole } from '../roles'
import { countMachinesOf, deleteProjectRow, type ProjectRow } from './project.store'
import { type ProjectObject, projectObject } from './project-access'
import { projectAudit } from './project-audit'
import { findGrantedRoleIds, moveGrants } from './project-grant.store'

/** What becomes of the grants and, in the platform, of the resources of a deleted project. */
export type ProjectContentsFate = { moveToProjectId: string } | 'delete'

export interface DeleteProject {
  projectId: string
  /** The slug, typed again. */
  confirmSlug: string
  contents: ProjectContentsFate
}

/**
 * Deletes a project. Whoever deletes it says what becomes of its contents: they move to another active project (a
 * grant that a member or team has there stays as it is), or go with it. Moving grants is granting: it needs the
 * permission for that in the other project, and everything that the moved grants give. Service accounts and keys never
 * move: they would open the other project. The audit row carries the decision for the services that keep the resources.
 *
 * @throws NOT_FOUND  when the actor cannot see the project, or the one to move to
 * @throws CONFIRMATION_MISMATCH  the slug was typed differently
 * @throws FORBIDDEN  the actor may not grant that much in the project to move to
 * @throws WRONG_STATE  the default project stays; contents do not move into an archived project or into itself
 */
export const deleteProject = writeUseCase({
  name: 'deleteProject',
  requires: 'project.delete',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: DeleteProject) => projectObject(context, context.organizationId, { id: input.projectId }),
  locks: 'update',
  async run(context, { confirmSlug, contents }, { project }): Promise<void> {
    if (project.isDefault)
      throw new AppError('WRONG_STATE', 'The default project cannot be deleted: everybody is in it.')
    if (confirmSlug !== project.slug)
      throw new AppError('CONFIRMATION_MISMATCH', `Type the slug ${project.slug} to delete the project.`, {
        path: ['input', 'confirmSlug'],
      })
    const target = contents === 'delete' ? null : await projectToMoveTo(context, project, contents.moveToProjectId)
    if (target) await moveGrants(context.tx, context.organizationId, project.id, target.id)
    const ended = await countMachinesOf(context.tx, context.organizationId, project.id)
    await deleteProjectRow(context.tx, context.organizationId, project.id)
    context.count({ projects: -1 })
    const fate = target ? toTypeId('Project', target.id) : null
    context.audit(
      projectAudit('project.deleted', project, [
        { field: 'contents', before: null, after: fate },
        ...(['serviceAccounts', 'apiKeys'] as const)
          .filter((field) => ended[field] > 0)
          .map((field) => ({ field, before: ended[field], after: 0 })),
      ]),
    )
  },
})

async function projectToMoveTo(context: WriteContext, from: ProjectRow, targetId: string): Promise<ProjectRow> {
  const { tx, actor, organizationId } = context
  const path = ['input', 'contents', 'moveToProjectId']
  const target: ProjectObject = await projectObject(context, organizationId, { id: targetId })
  if (target.project.id === from.id || target.project.status !== 'ACTIVE')
    throw new AppError('WRONG_STATE', 'Contents can move to another active project only.', { path })
  const roleIds = await findGrantedRoleIds(tx, organizationId, from.id)
  if (roleIds.length > 0) refuse(decide(actor, 'project.grant', target), 'project.grant')
  for (const roleId of roleIds) {
    const role = await findRole(tx, organizationId, roleId)
    refuseEscalation(actor, role!.permissions, target, path)
  }
  return target.project
}
