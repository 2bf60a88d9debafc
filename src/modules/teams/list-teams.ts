import { actorMemberId, type ReadContext, readUseCase } from '../../access'
import { type CountResult, type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import { visibleProjectId } from '../projects'
import { countTeamRows, listTeamRows, type TeamFilter, type TeamRow } from './team.store'

/** Which teams of which organization. */
export interface ListTeams {
  organizationId: string
  page: PageArguments
  filter: TeamFilter
}

const COUNT_CAP = 10_000

/**
 * The teams of an organization by name.
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listTeams = readUseCase({
  name: 'listTeams',
  requires: 'team.read',
  organization: (input: ListTeams) => input.organizationId,
  async run(context, { organizationId, page, filter }): Promise<ListPage<TeamRow>> {
    const { tx, actor } = context
    const binding = JSON.stringify(['teams', organizationId, filter])
    const checked = readPage(page, binding)
    const visible = await visiblePart(context, organizationId, filter)
    const rows = await listTeamRows(tx, organizationId, actorMemberId(actor), visible, checked)
    return listPage(rows, checked, binding, (row) => [row.name, row.id])
  },
})

/** How many teams `listTeams` walks over; counting stops at 10,000. */
export const countTeams = readUseCase({
  name: 'countTeams',
  requires: 'team.read',
  organization: (input: Omit<ListTeams, 'page'>) => input.organizationId,
  async run(context, { organizationId, filter }): Promise<CountResult> {
    const visible = await visiblePart(context, organizationId, filter)
    const value = await countTeamRows(context.tx, organizationId, visible)
    return value > COUNT_CAP ? { value: COUNT_CAP, relation: 'AT_LEAST' } : { value, relation: 'EXACT' }
  },
})

/** A filter tells nothing of projects that the actor does not see: they match no team. */
async function visiblePart(context: ReadContext, organizationId: string, filter: TeamFilter): Promise<TeamFilter> {
  return { ...filter, projectId: await visibleProjectId(context, organizationId, filter.projectId) }
}
