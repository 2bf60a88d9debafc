import { notFound, OWN_ORGANIZATION, type RoleScope, readUseCase } from '../../access'
import { findRole, findRoles, type Role } from './role.store'

/** The roles of an organization, of one scope or of both. */
export const listRoles = readUseCase({
  name: 'listRoles',
  requires: 'member',
  organization: (input: { organizationId: string; scope?: RoleScope | null }) => input.organizationId,
  run: ({ tx }, { organizationId, scope }): Promise<Role[]> => findRoles(tx, organizationId, scope),
})

/** All roles of the caller's organization. */
export const listOwnRoles = readUseCase({
  name: 'listOwnRoles',
  requires: 'inside',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, _input: Record<string, never>): Promise<Role[]> => findRoles(tx, organizationId),
})

/**
 * One role of the caller's organization.
 * @throws NOT_FOUND  when it does not exist there
 */
export const getRole = readUseCase({
  name: 'getRole',
  requires: 'inside',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, organizationId }, input: { roleId: string }): Promise<Role> {
    const role = await findRole(tx, organizationId, input.roleId)
    if (!role) throw notFound('The role')
    return role
  },
})
