/** Directories: what identity providers push by SCIM, and what it makes of members, teams and roles. */

export { type AdminlessMail, adminlessMail } from './adminless.mail'
export { adoptDirectoryUser } from './adopt-directory-user'
export {
  type ChangeDirectoryGroup,
  type ChangedDirectoryGroup,
  changeDirectoryGroup,
  changeDirectoryGroupAccess,
  type DirectoryGroupChanged,
} from './change-directory-group'
export {
  type ChangeDirectoryUser,
  type ChangedDirectoryUser,
  changeDirectoryUser,
  type DirectoryUserChanged,
  deactivateDirectoryAdmin,
} from './change-directory-user'
export type { GroupRuleInput } from './check-group-rules'
export type { ConflictReason, ConflictRow, ConflictStatus } from './conflict-page.store'
export { type CreateDirectory, createDirectory } from './create-directory'
export { createDirectoryGroup } from './create-directory-group'
export { createDirectoryUser, type DirectoryUserCreated } from './create-directory-user'
export { createScimToken } from './create-scim-token'
export { type DeletedDirectory, deleteDirectory, type KeptMembers } from './delete-directory'
export { deleteDirectoryGroup } from './delete-directory-group'
export { deleteDirectoryUser } from './delete-directory-user'
export type { DeprovisionAction, DirectoryDraft, DirectoryStatus, LinkKey } from './directory.model'
export {
  type DirectoryRow,
  findDirectory,
  type NamedRole,
} from './directory.store'
export { findDirectoryActor } from './directory-actor.store'
export type {
  DirectoryGroup,
  DirectoryGroupDraft,
  GroupMember,
  MemberIds,
  MembershipDelta,
} from './directory-group.model'
export type { DirectoryGroupRow } from './directory-group-page.store'
export { ReadOtherwise, type Recorded } from './directory-use-case'
export type { DirectoryUser, DirectoryUserDraft, GroupOfUser, ShownUser } from './directory-user.model'
export type { InDirectory } from './directory-user.store'
export type { DirectoryUserRow } from './directory-user-page.store'
export type { DriftKind, DriftRow } from './drift.store'
export { explainDirectoryUsers, explainGivenRoles, explainGrants } from './explain-directory-user'
export { nobodyHere } from './group-members'
export type { GroupRuleRow, RoleChangeRow } from './group-rule.store'
export { labelOfRule } from './group-rule-label'
export { evaluateRules, type GivenByRules, type GroupRule, type GroupRuleKind, groupsAbove } from './group-rules.model'
export {
  getDirectories,
  getDirectory,
  getRecentErrors,
  getScimToken,
  getScimTokens,
  listDirectories,
} from './list-directories'
export { getDirectoryConflict, getOpenConflictCounts, listDirectoryConflicts } from './list-directory-conflicts'
export {
  countDirectoryGroups,
  countUserGroups,
  getDirectoryGroup,
  getDirectoryGroups,
  listDirectoryGroups,
  listUserGroups,
} from './list-directory-groups'
export { getDirectoryRules } from './list-directory-rules'
export {
  countDirectoryUsers,
  countGroupUsers,
  getDirectoryUser,
  getDirectoryUsers,
  getDirectoryUsersOfMembers,
  listDirectoryUsers,
  listGroupUsers,
} from './list-directory-users'
export { getScimRequest, listScimRequests } from './list-scim-requests'
export { pauseDirectory } from './pause-directory'
export { locateDirectory, recordScimRequests, type ScimRequestEntry } from './record-scim-requests'
export { reportDrift, reportUnmanagedMembers } from './report-drift'
export type { Found, ResourceSearch } from './resource-search.store'
export { revokeScimToken } from './revoke-scim-token'
export { scimBaseUrl, scimRootUrl } from './scim-address'
export type { ScimRequestFilter, ScimRequestRow, ScimResourceType } from './scim-request-page.store'
export { tokenPreview } from './scim-token.model'
export type { ScimTokenRow } from './scim-token.store'
export { type ScimTokenExpiringMail, scimTokenExpiringMail } from './scim-token-expiring.mail'
export { identifyDirectory, readDirectoryUser, searchDirectoryGroups, searchDirectoryUsers } from './search-directory'
export { setDirectoryRules } from './set-directory-rules'
export { updateDirectory } from './update-directory'
export { watchScimTokens } from './warn-of-scim-token'
