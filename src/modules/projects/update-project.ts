import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { checkProjectDraft, type ProjectDraft } from './project.model'
import { updateProjectRow } from './project.store'
import { projectObject } from './project-access'
import { projectAudit } from './project-audit'

/** Changes to one project; absent values stay as they are. */
export interface UpdateProject {
  projectId: string
  draft: ProjectDraft
  /** The version the changes were made from; null to overwrite whatever is there. */
  expectedVersion: number | null
}

/**
 * Renames or describes a project.
 *
 * @throws NOT_FOUND  when the actor cannot see the project
 * @throws VERSION_MISMATCH  somebody else changed it since
 * @throws REQUIRED, TOO_LONG, INVALID, NOT_UNIQUE  per value, with path
 */
export const updateProject = writeUseCase({
  name: 'updateProject',
  requires: 'project.update',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: UpdateProject) => projectObject(context, context.organizationId, { id: input.projectId }),
  locks: 'share',
  async run(context, { draft, expectedVersion }, { project }): Promise<void> {
    const checked = checkProjectDraft(draft, project)
    const changes = (['name', 'slug', 'description'] as const)
      .filter((field) => checked[field] !== project[field])
      .map((field) => ({ field, before: project[field], after: checked[field] }))
    const isStale = expectedVersion !== null && expectedVersion !== project.version
    if (isStale || !(await updateProjectRow(context.tx, context.organizationId, project, checked)))
      throw new AppError('VERSION_MISMATCH', 'Somebody else changed this project; read it again and repeat.', {
        path: ['expectedVersion'],
      })
    if (changes.length > 0) context.audit(projectAudit('project.updated', project, changes))
  },
})
