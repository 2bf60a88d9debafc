/** Directories: identity providers that provision people and groups by SCIM. */
export { adoptDirectoryUser } from './adopt-directory-user'
export type { ConflictReason, ConflictRow, ConflictStatus } from './conflict-page.store'
export { type CreateDirectory, createDirectory } from './create-directory'
export { createScimToken } from './create-scim-token'
export { type DeletedDirectory, deleteDirectory, type KeptMembers } from './delete-directory'
export type { DeprovisionAction, DirectoryDraft, DirectoryStatus, LinkKey } from './directory.model'
export {
  type DirectoryRow,
  findDirectory,
  type NamedRole,
} from './directory.store'
export type { DirectoryGroupRow } from './directory-group-page.store'
export type { DirectoryUserRow } from './directory-user-page.store'
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
export { revokeScimToken } from './revoke-scim-token'
export { scimBaseUrl, scimRootUrl } from './scim-address'
export type { ScimRequestFilter, ScimRequestRow, ScimResourceType } from './scim-request-page.store'
export type { ScimTokenRow } from './scim-token.store'
export { updateDirectory } from './update-directory'
