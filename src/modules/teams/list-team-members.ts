import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { type CountResult, type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import type { TeamRole } from './team.model'
import { teamObject } from './team-access'
import { countTeamMemberRows, listTeamMemberRows, type TeamMemberRow } from './team-member.store'

/** The people of which team; with one role there, or all. */
export interface ListTeamMembers {
  teamId: string
  role: TeamRole | null
}

const COUNT_CAP = 10_000

/**
 * The people of a team, who was added first comes first; those of the teams below it are not listed.
 * @throws NOT_FOUND  when there is no such team
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listTeamMembers = readUseCase({
  name: 'listTeamMembers',
  requires: 'member.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ListTeamMembers & { page: PageArguments }) => teamObject(context, input.teamId),
  async run({ tx, organizationId }, { page, role }, { team }): Promise<ListPage<TeamMemberRow>> {
    const binding = JSON.stringify(['team-members', organizationId, team.id, role])
    const checked = readPage(page, binding)
    const rows = await listTeamMemberRows(tx, organizationId, team.id, role, checked)
    return listPage(rows, checked, binding, (row) => [row.addedAt.toISOString(), row.memberId])
  },
})

/** How many people `listTeamMembers` walks over: from the counter of the team, or counted up to 10,000. */
export const countTeamMembers = readUseCase({
  name: 'countTeamMembers',
  requires: 'member.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ListTeamMembers) => teamObject(context, input.teamId),
  async run({ tx, organizationId }, { role }, { team }): Promise<CountResult> {
    if (!role) return { value: team.memberCount, relation: 'EXACT' }
    const value = await countTeamMemberRows(tx, organizationId, team.id, role, COUNT_CAP + 1)
    return value > COUNT_CAP ? { value: COUNT_CAP, relation: 'AT_LEAST' } : { value, relation: 'EXACT' }
  },
})
