import { notFound, OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findCatalog } from '../permissions'
import { type CheckedRole, checkRoleDraft, type RoleDraft } from './role.model'
import { findRole, mirrorRoleNames, updateRoleRow } from './role.store'
import { roleAudit } from './role-audit'
import { refusePermissionsBeyond, refuseRoleAbove, refuseSystemRole } from './role-rules'

/** Changes to one role; absent values stay as they are. */
export interface UpdateRole {
  roleId: string
  draft: RoleDraft
  /** The version the changes were made from; null to overwrite whatever is there. */
  expectedVersion: number | null
}

/**
 * Renames, describes or refits a role; what it allows counts from the holders' next request on. Key and scope stay.
 * Nobody lifts themselves by it: they can neither put in what they do not hold, nor touch a role that holds more.
 *
 * @throws NOT_FOUND  it does not exist
 * @throws WRONG_STATE  it is built in
 * @throws FORBIDDEN  it allows, or would allow, more than the actor may do
 * @throws VERSION_MISMATCH  somebody else changed it since
 * @throws REQUIRED, INVALID, TOO_LONG, TOO_MANY  per value, with path
 */
export const updateRole = writeUseCase({
  name: 'updateRole',
  requires: 'role.manage',
  organization: () => OWN_ORGANIZATION,
  locks: 'update',
  async run(context, { roleId, draft, expectedVersion }: UpdateRole): Promise<void> {
    const { tx, organizationId, actor } = context
    const role = await findRole(tx, organizationId, roleId)
    if (!role) throw notFound('The role')
    refuseSystemRole(role)
    refuseRoleAbove(actor, role)
    if (expectedVersion !== null && expectedVersion !== role.version)
      throw new AppError('VERSION_MISMATCH', 'Somebody else changed this role; read it again and repeat.', {
        path: ['expectedVersion'],
      })
    const catalogue = new Map((await findCatalog(tx)).map((permission) => [permission.key, permission]))
    const before = { ...role, permissions: [...role.permissions].sort() }
    const after = checkRoleDraft(draft, before, catalogue)
    refusePermissionsBeyond(actor, after.permissions, draft)
    const changes = changesBetween(before, after)
    if (changes.length === 0) return
    // What did not change is not written: permissions that are retired stay in the row for their return.
    await updateRoleRow(tx, organizationId, role, Object.fromEntries(changes.map(({ field }) => [field, after[field]])))
    if (after.name !== before.name) await mirrorRoleNames(tx, organizationId, { ...after, id: role.id })
    context.audit(roleAudit('role.updated', { id: role.id, name: after.name }, changes))
  },
})

function changesBetween(before: CheckedRole, after: CheckedRole) {
  return (['name', 'description', 'permissions'] as const)
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }))
}
