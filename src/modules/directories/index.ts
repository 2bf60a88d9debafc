/** Directories: identity providers that provision people and groups by SCIM. */
export { type CreateDirectory, createDirectory } from './create-directory'
export { createScimToken } from './create-scim-token'
export { type DeletedDirectory, deleteDirectory, type KeptMembers } from './delete-directory'
export type { DeprovisionAction, DirectoryDraft, DirectoryStatus, LinkKey } from './directory.model'
export {
  type DirectoryRow,
  findDirectory,
  findOrganizationOfDirectory,
  type NamedRole,
} from './directory.store'
export { evaluateRules, type GivenByRules, type GroupRule, type GroupRuleKind, groupsAbove } from './group-rules.model'
export {
  getDirectories,
  getDirectory,
  getRecentErrors,
  getScimToken,
  getScimTokens,
  listDirectories,
} from './list-directories'
export { pauseDirectory } from './pause-directory'
export { revokeScimToken } from './revoke-scim-token'
export { scimBaseUrl, scimRootUrl } from './scim-address'
export type { ScimTokenRow } from './scim-token.store'
export { updateDirectory } from './update-directory'
