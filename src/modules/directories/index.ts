/** Directories: identity providers that provision people and groups by SCIM. */
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
export { pauseDirectory } from './pause-directory'
export { revokeScimToken } from './revoke-scim-token'
export { scimBaseUrl, scimRootUrl } from './scim-address'
export type { ScimTokenRow } from './scim-token.store'
export { updateDirectory } from './update-directory'
