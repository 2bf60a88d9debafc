import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { refuseTeamEscalation } from '../projects'
import { type ChangeTeamMembers, changeTeamMembers, type TeamMembersChanged } from './change-team-members'
import type { TeamRole } from './team.model'
import { refuseMirror, teamObject } from './team-access'
import { candidateTarget, teamAudit } from './team-audit'
import { upsertTeamMembers } from './team-member.store'

/**
 * Puts members into a team, invited ones too, or gives those who are in it another role there.
 *
 * Nobody puts people where more is granted than they hold themselves: everything that live grants give to the team and
 * to the teams above it must be held by the actor, in that very project. Managers are in the team, so they always hold
 * that; and being in it already they cannot add themselves, which takes `team.member.manage` in the organization.
 *
 * @throws MANAGED_BY_DIRECTORY  it mirrors a group of a directory
 * @throws NOT_FOUND  when there is no such team; per item, no such member
 * @throws FORBIDDEN  the team grants more than the actor holds
 * @throws REQUIRED, TOO_MANY  none, or more than 1,000 members
 */
export const addTeamMembers = writeUseCase({
  name: 'addTeamMembers',
  requires: 'team.member.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ChangeTeamMembers & { role: TeamRole }) => teamObject(context, input.teamId),
  locks: 'update',
  async run(context, input, { team }): Promise<TeamMembersChanged> {
    const { tx, organizationId } = context
    refuseMirror(team)
    await refuseTeamEscalation(context, organizationId, [team.id], ['teamId'])
    return changeTeamMembers(context, input, {
      isDone: ({ role }) => role === input.role,
      obstacle: () => null,
      async apply(candidates) {
        const ids = candidates.map(({ id }) => id)
        await upsertTeamMembers(tx, organizationId, team.id, ids, input.role)
        for (const candidate of candidates) {
          const changes = [{ field: 'role', before: candidate.role, after: input.role }]
          const action = candidate.role ? 'team.member.updated' : 'team.member.added'
          context.audit(teamAudit(action, team, changes, [candidateTarget(candidate)]))
        }
      },
    })
  },
})
