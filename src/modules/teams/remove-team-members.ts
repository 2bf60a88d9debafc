import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { type ChangeTeamMembers, changeTeamMembers, type TeamMembersChanged } from './change-team-members'
import { refuseMirror, teamObject } from './team-access'
import { candidateTarget, teamAudit } from './team-audit'
import { deleteTeamMembers } from './team-member.store'

/**
 * Takes members out of a team: what only the team gave them ends with their next request. Who is not in it fails alone
 * with WRONG_STATE or NOT_FOUND.
 *
 * @throws NOT_FOUND  when there is no such team
 * @throws MANAGED_BY_DIRECTORY  it mirrors a group of a directory
 * @throws REQUIRED, TOO_MANY  none, or more than 1,000 members
 */
export const removeTeamMembers = writeUseCase({
  name: 'removeTeamMembers',
  requires: 'team.member.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ChangeTeamMembers) => teamObject(context, input.teamId),
  locks: 'update',
  run(context, input, { team }): Promise<TeamMembersChanged> {
    refuseMirror(team)
    return changeTeamMembers(context, input, {
      isDone: () => false,
      obstacle: ({ role }) => (role ? null : new AppError('WRONG_STATE', 'The member is not in this team.')),
      async apply(candidates) {
        const ids = candidates.map(({ id }) => id)
        await deleteTeamMembers(context.tx, context.organizationId, team.id, ids)
        for (const candidate of candidates) {
          const changes = [{ field: 'role', before: candidate.role, after: null }]
          context.audit(teamAudit('team.member.removed', team, changes, [candidateTarget(candidate)]))
        }
      },
    })
  },
})
