import { writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findCatalog } from '../permissions'
import { checkRoleDraft, type RoleDraft } from './role.model'
import { countOwnRoles, insertRole, mirrorRoleNames } from './role.store'
import { roleAudit } from './role-audit'
import { refusePermissionsBeyond } from './role-rules'

const MAXIMUM_ROLES = 100

/**
 * Makes a role of the organization's own. The permission to see what it is a role in is in it without being named.
 *
 * @returns  the role's id
 * @throws REQUIRED, INVALID, TOO_LONG, TOO_MANY  per value, with path
 * @throws NOT_UNIQUE  the organization has a role with this key in the same scope
 * @throws FORBIDDEN  it would allow more than the actor may do
 * @throws LIMIT_EXCEEDED  the organization has 100 roles of its own
 */
export const createRole = writeUseCase({
  name: 'createRole',
  requires: 'role.manage',
  organization: (input: { organizationId: string; draft: RoleDraft }) => input.organizationId,
  // Changes to who holds what wait for one another; under the lock the roles can be counted.
  locks: 'update',
  async run(context, { organizationId, draft }): Promise<string> {
    const { tx, actor } = context
    const catalogue = new Map((await findCatalog(tx)).map((permission) => [permission.key, permission]))
    const role = checkRoleDraft(draft, null, catalogue)
    refusePermissionsBeyond(actor, role.permissions, draft)
    if ((await countOwnRoles(tx, organizationId)) >= MAXIMUM_ROLES)
      throw new AppError('LIMIT_EXCEEDED', `The organization has ${MAXIMUM_ROLES} roles; delete one first.`)
    const id = await insertRole(tx, organizationId, role)
    await mirrorRoleNames(tx, organizationId)
    const changes = (['name', 'key', 'description', 'scope', 'permissions'] as const)
      .filter((field) => role[field] !== null)
      .map((field) => ({ field, before: null, after: role[field] }))
    context.audit(roleAudit('role.created', { id, name: role.name }, changes))
    return id
  },
})
