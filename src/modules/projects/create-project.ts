import { writeUseCase } from '../../access'
import { checkProjectDraft, type ProjectDraft } from './project.model'
import { insertProject } from './project.store'
import { projectAudit } from './project-audit'

/**
 * Creates a project. Whoever creates it without being Admin of the organization sees it only with a grant.
 *
 * @returns  the project's id
 * @throws   REQUIRED, TOO_LONG, INVALID  per value, with path
 * @throws   NOT_UNIQUE  the organization has a project with this slug
 */
export const createProject = writeUseCase({
  name: 'createProject',
  requires: 'project.create',
  organization: (input: { organizationId: string; draft: ProjectDraft }) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, draft }): Promise<string> {
    const checked = checkProjectDraft(draft, null)
    const id = await insertProject(context.tx, organizationId, checked, context.actor)
    context.count({ projects: 1 })
    context.audit(projectAudit('project.created', { id, name: checked.name }))
    return id
  },
})
