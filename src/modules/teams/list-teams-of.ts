import { actorMemberId, OWN_ORGANIZATION, type ReadContext, readUseCase } from '../../access'
import { type ListPage, listPage, type Page, type PageArguments, readPage } from '../../kernel/page'
import { countChildTeams, listChildTeams, type TeamRow } from './team.store'
import { countTeamsOfMembers, listTeamsOfMembers } from './team-member.store'

/** A page of the list of teams that each of these objects has; a cursor belongs to the list of one of them. */
export interface ListTeamsOf {
  /** UUIDs, at least one. */
  ids: readonly string[]
  page: PageArguments
}

/**
 * A page of the teams that each of these members is in by name, without the teams above those; all in one statement.
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listMemberTeams = readUseCase({
  name: 'listMemberTeams',
  requires: 'team.read',
  organization: () => OWN_ORGANIZATION,
  run: (context, input: ListTeamsOf) =>
    pagesOf(context, 'member-teams', input, async (page) => {
      const { tx, organizationId, actor } = context
      const rows = await listTeamsOfMembers(tx, organizationId, actorMemberId(actor), input.ids, page)
      return rows.map((row) => [row.ofMember, row])
    }),
})

/** In how many teams each of these members is; who is in none is left out. */
export const countMemberTeams = readUseCase({
  name: 'countMemberTeams',
  requires: 'team.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { ids }: { ids: readonly string[] }): Promise<Map<string, number>> =>
    countTeamsOfMembers(tx, organizationId, ids),
})

/**
 * A page of the teams directly below each of these teams by name; all in one statement.
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listTeamChildren = readUseCase({
  name: 'listTeamChildren',
  requires: 'team.read',
  organization: () => OWN_ORGANIZATION,
  run: (context, input: ListTeamsOf) =>
    pagesOf(context, 'team-children', input, async (page) => {
      const { tx, organizationId, actor } = context
      const rows = await listChildTeams(tx, organizationId, actorMemberId(actor), input.ids, page)
      return rows.map((row) => [row.parentId!, row])
    }),
})

/** How many teams stand directly below each of these; those without any are left out. */
export const countTeamChildren = readUseCase({
  name: 'countTeamChildren',
  requires: 'team.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { ids }: { ids: readonly string[] }): Promise<Map<string, number>> =>
    countChildTeams(tx, organizationId, ids),
})

async function pagesOf(
  { organizationId }: ReadContext,
  list: string,
  { ids, page }: ListTeamsOf,
  read: (page: Page) => Promise<(readonly [string, TeamRow])[]>,
): Promise<Map<string, ListPage<TeamRow>>> {
  const bindingOf = (id: string) => JSON.stringify([list, organizationId, id])
  const [checked] = ids.map((id) => readPage(page, bindingOf(id))) as [Page, ...Page[]]
  const rows = new Map<string, TeamRow[]>(ids.map((id) => [id, []]))
  for (const [id, row] of await read(checked)) rows.get(id)!.push(row)
  return new Map(
    [...rows].map(([id, teams]) => [id, listPage(teams, checked, bindingOf(id), (row) => [row.name, row.id])]),
  )
}
