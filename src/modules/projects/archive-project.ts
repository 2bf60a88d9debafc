import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { updateProjectRow } from './project.store'
import { projectObject } from './project-access'
import { projectAudit } from './project-audit'

/**
 * Archives a project, or takes it out of the archive. Asking for what already is changes nothing.
 *
 * @throws NOT_FOUND  when the actor cannot see the project
 * @throws WRONG_STATE  the default project is always active
 * @throws CONFLICT  somebody else changed it at the same time
 */
export const archiveProject = writeUseCase({
  name: 'archiveProject',
  requires: 'project.archive',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { projectId: string; archived: boolean }) =>
    projectObject(context, context.organizationId, { id: input.projectId }),
  locks: 'share',
  async run(context, { archived }, { project }): Promise<void> {
    const status = archived ? 'ARCHIVED' : 'ACTIVE'
    if (project.status === status) return
    if (project.isDefault)
      throw new AppError('WRONG_STATE', 'The default project cannot be archived: everybody is in it.')
    if (!(await updateProjectRow(context.tx, context.organizationId, project, { status })))
      throw new AppError('CONFLICT', 'Somebody else changed this project at the same time; repeat the call.')
    const changes = [{ field: 'status', before: project.status, after: status }]
    context.audit(projectAudit(archived ? 'project.archived' : 'project.unarchived', project, changes))
  },
})
