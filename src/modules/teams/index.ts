/** Teams: groups of members that nest, and that grants in projects can be given to. */
export { addTeamMembers } from './add-team-members'
export type { TeamMembersChanged } from './change-team-members'
export { createTeam } from './create-team'
export { deleteTeam } from './delete-team'
export { getTeam, getTeams } from './get-teams'
export { countTeamMembers, listTeamMembers } from './list-team-members'
export { countTeams, listTeams } from './list-teams'
export { countMemberTeams, countTeamChildren, listMemberTeams, listTeamChildren } from './list-teams-of'
export { insertMirrorTeam, renameMirrorTeam } from './mirror-team.store'
export { removeTeamMembers } from './remove-team-members'
export type { TeamDraft, TeamRole, TeamSource } from './team.model'
export { deleteTeamRow, findTeams, type TeamFilter, type TeamRow } from './team.store'
export { permissionsInTeam } from './team-access'
export {
  findTeamsOfMemberAmong,
  moveBetweenTeams,
  replaceTeamsOfMembers,
  type TeamMemberRow,
} from './team-member.store'
export { checkTeamPlaces } from './team-places'
export { moveTeam, updateTeam } from './update-team'
