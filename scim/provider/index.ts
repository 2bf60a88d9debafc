/** SCIM resources in the words of the product: how they are written, and how they are found by SQL. */
export { CURSOR_SECONDS } from './cursors'
export type { DirectoryRequest, Outcome, Written } from './directory-request'
export { createGroup, deleteGroup, patchGroup, readGroup, replaceGroup } from './groups'
export { scimErrorOf } from './refusal'
export { type FoundPage, ResourceFinder } from './search'
export type { ShownResource } from './shown-resource'
export { createUser, deleteUser, MemberConflict, patchUser, readUser, replaceUser } from './users'
