/** Roles: the named sets of permissions that members and project grants refer to. */
export { getRole, listOwnRoles, listRoles } from './list-roles'
export { RoleEntity } from './role.entity'
export { findRole, insertSystemRoles } from './role.store'
