import { actorMemberId, OWN_ORGANIZATION, readUseCase } from '../../access'
import { findTeams, type TeamRow } from './team.store'
import { teamObject } from './team-access'

/**
 * One team of the caller's organization.
 * @throws NOT_FOUND  when it does not exist, or the actor may see neither it nor teams at all
 */
export const getTeam = readUseCase({
  name: 'getTeam',
  requires: 'team.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { teamId: string }) => teamObject(context, input.teamId),
  run: async (_context, _input, { team }): Promise<TeamRow> => team,
})

/** Teams of the caller's organization by id; unknown ids are missing from the answer. */
export const getTeams = readUseCase({
  name: 'getTeams',
  requires: 'team.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, actor, organizationId }, { ids }: { ids: readonly string[] }): Promise<Map<string, TeamRow>> =>
    findTeams(tx, organizationId, actorMemberId(actor), ids),
})
