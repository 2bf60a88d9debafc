import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { type CountResult, type ListPage, listPage, type Page, type PageArguments, readPage } from '../../kernel/page'
import {
  countMemberAccessRows,
  countProjectAccessRows,
  listMemberAccessRows,
  listProjectAccessRows,
  type ProjectAccessRow,
} from './access-list.store'
import { projectObject, projectViewer } from './project-access'

/** The people of which project. */
export interface ListProjectAccess {
  projectId: string
  /** Part of name or address, 3 to 100 characters; null for everybody. */
  search: string | null
}

const SEARCH_LENGTH = { minimum: 3, maximum: 100 }
const COUNT_CAP = 10_000

/**
 * Everybody who is in a project and through what, in the order in which they came into the organization. Invited and
 * suspended members are in no project, and grants that have ended count for nothing.
 *
 * @throws NOT_FOUND  when the actor cannot see the project
 * @throws INVALID, TOO_LONG  the search, a cursor of another list, or a size outside 1..100
 */
export const listProjectAccess = readUseCase({
  name: 'listProjectAccess',
  requires: 'project.member.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ListProjectAccess & { page: PageArguments }) =>
    projectObject(context, context.organizationId, { id: input.projectId }),
  async run({ tx, organizationId }, { page, search }, { project }): Promise<ListPage<ProjectAccessRow>> {
    const term = checkSearch(search)
    const binding = JSON.stringify(['project-access', organizationId, project.id, term])
    const checked = readPage(page, binding)
    const rows = await listProjectAccessRows(tx, organizationId, project, term, checked)
    return listPage(rows, checked, binding, (row) => [row.createdAt.toISOString(), row.memberId])
  },
})

/**
 * How many people `listProjectAccess` walks over; counting stops at 10,000.
 * @throws NOT_FOUND, INVALID, TOO_LONG  as there
 */
export const countProjectAccess = readUseCase({
  name: 'countProjectAccess',
  requires: 'project.member.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ListProjectAccess) =>
    projectObject(context, context.organizationId, { id: input.projectId }),
  async run({ tx, organizationId }, { search }, { project }): Promise<CountResult> {
    const value = await countProjectAccessRows(tx, organizationId, project, checkSearch(search), COUNT_CAP + 1)
    return value > COUNT_CAP ? { value: COUNT_CAP, relation: 'AT_LEAST' } : { value, relation: 'EXACT' }
  },
})

/**
 * A page of the projects that each of these members is in and through what, oldest first; only those that the actor can
 * see. All in one statement; a cursor belongs to the list of one member.
 *
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listMemberAccess = readUseCase({
  name: 'listMemberAccess',
  requires: 'member.read',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, actor, organizationId }, { ids, page }: { ids: readonly string[]; page: PageArguments }) {
    const bindingOf = (id: string) => JSON.stringify(['member-access', organizationId, id])
    const [checked] = ids.map((id) => readPage(page, bindingOf(id))) as [Page, ...Page[]]
    const access = new Map<string, ProjectAccessRow[]>(ids.map((id) => [id, []]))
    for (const row of await listMemberAccessRows(tx, organizationId, projectViewer(actor), ids, checked))
      access.get(row.memberId)!.push(row)
    const cursorValues = (row: ProjectAccessRow) => [row.createdAt.toISOString(), row.projectId]
    return new Map([...access].map(([id, rows]) => [id, listPage(rows, checked, bindingOf(id), cursorValues)]))
  },
})

/** How many projects `listMemberAccess` walks over for each member: exact, an organization has few. */
export const countMemberAccess = readUseCase({
  name: 'countMemberAccess',
  requires: 'member.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, actor, organizationId }, { ids }: { ids: readonly string[] }): Promise<Map<string, number>> =>
    countMemberAccessRows(tx, organizationId, projectViewer(actor), ids),
})

function checkSearch(search: string | null): string | null {
  const term = search?.trim() || null
  const { minimum, maximum } = SEARCH_LENGTH
  if (term && [...term].length < minimum)
    throw new AppError('INVALID', `Search for at least ${minimum} characters.`, { path: ['search'] })
  if (term && term.length > maximum)
    throw new AppError('TOO_LONG', `A search term has at most ${maximum} characters.`, { path: ['search'] })
  return term
}
