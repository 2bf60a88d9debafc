import { actorMemberId, decide, refuse, type WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { refuseTeamEscalation } from '../projects'
import { permissionsInTeam } from './team-access'
import { lockTeams } from './team-member.store'

/**
 * Checks that the actor may put people into these teams, and holds the teams until the commit: what `addTeamMembers` asks
 * for one team, for whoever prepares places for people to come.
 *
 * @returns  the names of the teams, in the order of the ids
 * @throws NOT_FOUND  there is no such team, or the actor may see neither it nor teams at all
 * @throws FORBIDDEN  the actor may not put people into it, or it grants more than the actor holds
 */
export async function checkTeamPlaces(
  context: WriteContext,
  organizationId: string,
  teamIds: readonly string[],
  path: readonly string[],
): Promise<string[]> {
  const { tx, actor } = context
  const teams = await lockTeams(tx, organizationId, actorMemberId(actor), teamIds)
  for (const [index, id] of teamIds.entries()) {
    const team = teams.get(id)
    const object = { organizationId, permissionsHere: team && permissionsInTeam(team, actor) }
    if (!team || decide(actor, 'team.read', object) !== 'allowed')
      throw new AppError('NOT_FOUND', 'This team does not exist, or you cannot see it.', {
        path: [...path, String(index)],
      })
    refuse(decide(actor, 'team.member.manage', object), 'team.member.manage')
  }
  await refuseTeamEscalation(context, organizationId, teamIds, path)
  return teamIds.map((id) => teams.get(id)!.name)
}
