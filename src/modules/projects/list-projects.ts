import { readUseCase } from '../../access'
import { type CountResult, type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import { countProjectRows, listProjectRows, type ProjectFilter, type ProjectRow } from './project.store'
import { projectReader } from './project-access'

/** Which projects of which organization. */
export interface ListProjects {
  organizationId: string
  page: PageArguments
  filter: ProjectFilter
}

/**
 * The projects of an organization that the actor can see, oldest first.
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listProjects = readUseCase({
  name: 'listProjects',
  requires: 'organization.read',
  organization: (input: ListProjects) => input.organizationId,
  async run({ tx, actor }, { organizationId, page, filter }): Promise<ListPage<ProjectRow>> {
    const binding = JSON.stringify(['projects', organizationId, filter])
    const checked = readPage(page, binding)
    const rows = await listProjectRows(tx, organizationId, projectReader(actor), filter, checked)
    return listPage(rows, checked, binding, (row) => [row.createdAt.toISOString(), row.id])
  },
})

/** How many projects `listProjects` walks over: exact, an organization has few. */
export const countProjects = readUseCase({
  name: 'countProjects',
  requires: 'organization.read',
  organization: (input: Omit<ListProjects, 'page'>) => input.organizationId,
  async run({ tx, actor }, { organizationId, filter }): Promise<CountResult> {
    return { value: await countProjectRows(tx, organizationId, projectReader(actor), filter), relation: 'EXACT' }
  },
})
