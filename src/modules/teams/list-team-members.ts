import { actorMemberId, decide, OWN_ORGANIZATION, type ReadContext, readUseCase } from '../../access'
import { type ListPage, listPage, type Page, type PageArguments, readPage } from '../../kernel/page'
import type { TeamRole } from './team.model'
import { findTeams } from './team.store'
import { permissionsInTeam } from './team-access'
import { countTeamMemberRows, listTeamMemberRows, type TeamMemberRow } from './team-member.store'

/** The people of which teams; with one role there, or all. */
export interface ListTeamMembers {
  /** UUIDs, at least one. */
  ids: readonly string[]
  role: TeamRole | null
}

/**
 * A page of the people of each of these teams, who was added first comes first; those of the teams below are not listed.
 * All in one statement; a cursor belongs to the list of one team. A team that the actor may not see has nobody.
 *
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listTeamMembers = readUseCase({
  name: 'listTeamMembers',
  requires: 'member.read',
  organization: () => OWN_ORGANIZATION,
  async run(context, { ids, role, page }: ListTeamMembers & { page: PageArguments }) {
    const { tx, organizationId } = context
    const bindingOf = (id: string) => JSON.stringify(['team-members', organizationId, id, role])
    const [checked] = ids.map((id) => readPage(page, bindingOf(id))) as [Page, ...Page[]]
    const people = new Map<string, TeamMemberRow[]>(ids.map((id) => [id, []]))
    for (const row of await listTeamMemberRows(tx, organizationId, await visibleOnes(context, ids), role, checked))
      people.get(row.teamId)!.push(row)
    const cursorValues = (row: TeamMemberRow) => [row.addedAt.toISOString(), row.memberId]
    return new Map<string, ListPage<TeamMemberRow>>(
      [...people].map(([id, rows]) => [id, listPage(rows, checked, bindingOf(id), cursorValues)]),
    )
  },
})

/** How many people `listTeamMembers` walks over for each team; teams with nobody are left out. */
export const countTeamMembers = readUseCase({
  name: 'countTeamMembers',
  requires: 'member.read',
  organization: () => OWN_ORGANIZATION,
  async run(context, { ids, role }: ListTeamMembers): Promise<Map<string, number>> {
    return countTeamMemberRows(context.tx, context.organizationId, await visibleOnes(context, ids), role)
  },
})

/** All of them for whoever sees teams, otherwise those that the actor manages. */
async function visibleOnes({ tx, actor, organizationId }: ReadContext, ids: readonly string[]): Promise<string[]> {
  if (decide(actor, 'team.read', { organizationId }) === 'allowed') return [...ids]
  const teams = await findTeams(tx, organizationId, actorMemberId(actor), ids)
  return [...teams.values()].filter((team) => permissionsInTeam(team, actor).has('team.read')).map(({ id }) => id)
}
