import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import { projectObject } from './project-access'
import { listAccessRows, type ProjectAccessRow } from './project-grant.store'

/**
 * Everybody with access to a project and the way they got it, in the order in which they came into the organization.
 *
 * @throws NOT_FOUND  when the actor cannot see the project
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listProjectAccess = readUseCase({
  name: 'listProjectAccess',
  requires: 'project.member.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { projectId: string; page: PageArguments }) =>
    projectObject(context, context.organizationId, { id: input.projectId }),
  async run({ tx, organizationId }, { page }, { project }): Promise<ListPage<ProjectAccessRow>> {
    const binding = JSON.stringify(['project-access', organizationId, project.id])
    const checked = readPage(page, binding)
    const rows = await listAccessRows(tx, organizationId, project, checked)
    return listPage(rows, checked, binding, (row) => [row.memberCreatedAt.toISOString(), row.memberId])
  },
})
