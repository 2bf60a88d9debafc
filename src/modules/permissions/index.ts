/** Permissions: Gatehouse's own, which are code, and the platform's, which the operator registers. */

export { type CatalogPermission, OWN_PERMISSIONS, type PermissionScope } from './catalog'
export { findCatalog, listPermissions } from './list-permissions'
export type { PermissionDraft } from './permission-draft'
export { groupPermissions, type PermissionGroup } from './permission-groups'
export { applyPermissionsFile, readPermissionsFile } from './permissions-file'
export { type PermissionResult, registerPermissions } from './register-permissions'
export { retirePermissions } from './retire-permissions'
