import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { findProjectsGrantedToTeam } from '../projects'
import { deleteTeamRow } from './team.store'
import { refuseMirror, teamObject } from './team-access'
import { teamAudit } from './team-audit'

/**
 * Deletes a team: its grants end, its people stay in the organization, and the teams below move up to its parent.
 * @throws NOT_FOUND  when there is no such team
 * @throws MANAGED_BY_DIRECTORY  it mirrors a group of a directory
 */
export const deleteTeam = writeUseCase({
  name: 'deleteTeam',
  requires: 'team.delete',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { teamId: string }) => teamObject(context, input.teamId),
  locks: 'update',
  async run(context, _input, { team }): Promise<void> {
    const { tx, organizationId } = context
    refuseMirror(team)
    const projects = await findProjectsGrantedToTeam(tx, organizationId, team.id)
    await deleteTeamRow(tx, organizationId, team.id)
    const changes = [
      { field: 'members', before: team.memberCount, after: 0 },
      { field: 'grants', before: projects.length, after: 0 },
    ]
    const ended = projects.map(({ id, name }) => ({ type: 'Project', id: toTypeId('Project', id), label: name }))
    context.audit(teamAudit('team.deleted', team, changes, ended))
  },
})
