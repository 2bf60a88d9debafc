/** Roles: the named sets of permissions that members and project grants refer to. */
export { getRole, listOwnRoles, listRoles } from './list-roles'
export { listedPermissions } from './listed-permissions'
export { RoleEntity } from './role.entity'
export { findRole, insertSystemRoles, type Role } from './role.store'
