/** Projects: isolated workspaces, and who has which role in them. */
export type { AccessReasonRow, AccessVia, ProjectAccessRow } from './access-list.store'
export { archiveProject } from './archive-project'
export { createProject } from './create-project'
export { deleteProject, type ProjectContentsFate } from './delete-project'
export { getProject, type ProjectBy } from './get-project'
export { getProjects } from './get-projects'
export { type GrantItem, grantRole } from './grant-role'
export { getProjectGrant, listMemberGrants, listProjectGrants, listTeamGrants } from './list-grants'
export { countMemberAccess, countProjectAccess, listMemberAccess, listProjectAccess } from './list-project-access'
export { countProjects, listProjects } from './list-projects'
export { isLive, liveGrantsOf } from './live-grants'
export { makeProjectDefault } from './make-project-default'
export type { Principal } from './principal.model'
export { ProjectEntity } from './project.entity'
export type { ProjectDraft } from './project.model'
export {
  findProjects,
  insertDefaultProject,
  type ProjectFilter,
  type ProjectRow,
  type ProjectViewer,
  VISIBLE_PROJECT_IDS,
  viewerValues,
} from './project.store'
export {
  type ProjectObject,
  permissionsIn,
  permissionsInProjects,
  projectObject,
  projectViewer,
  visibleProjectId,
} from './project-access'
export { ProjectGrantEntity } from './project-grant.entity'
export { deleteGrantsOfMembers, findGrant, type ProjectGrantRow } from './project-grant.store'
export { removeProjectGrant, takeGrant } from './remove-project-grant'
export { setProjectGrant } from './set-project-grant'
export { setProjectGrants } from './set-project-grants'
export { findProjectsGrantedToTeam, refuseTeamEscalation } from './team-escalation'
export { updateProject } from './update-project'
