import {
  notFound,
  OWN_ORGANIZATION,
  refuseEscalation,
  SYSTEM_ROLES,
  type WriteContext,
  writeUseCase,
} from '../../access'
import { AppError } from '../../kernel/errors'
import { deleteRoleRow, findRole, findRoles, mirrorRoleNames, type Role } from './role.store'
import { roleAudit } from './role-audit'
import { isHeldByMoreThan, isRoleInUse, moveRoleReferences } from './role-references.store'
import { refuseRoleAbove, refuseSystemRole } from './role-rules'

/** Which role goes, and what its holders have afterwards. */
export interface DeleteRole {
  roleId: string
  /** UUID of a role of the same scope; null when nobody holds the role. */
  replacementRoleId: string | null
}

const REPLACEMENT = ['replacementRoleId']

// Every change in the organization waits meanwhile: this many take a second or two.
const MAXIMUM_HOLDERS = 10_000

/**
 * Deletes a role. Whoever has it, members, invited people, grants, service accounts, connections to identity
 * providers, has the replacement in the same instant. Admin is no replacement: people are made Admins by name.
 *
 * @throws NOT_FOUND  role or replacement does not exist
 * @throws WRONG_STATE  it is built in
 * @throws REQUIRED  it is in use and no replacement was named
 * @throws TOO_MANY  more than 10,000 members have it
 * @throws INVALID  the replacement is the role itself, of another scope, or Admin
 * @throws FORBIDDEN  one of the two allows more than the actor may do
 */
export const deleteRole = writeUseCase({
  name: 'deleteRole',
  requires: 'role.manage',
  organization: () => OWN_ORGANIZATION,
  locks: 'update',
  async run(context, { roleId, replacementRoleId }: DeleteRole): Promise<void> {
    const { tx, organizationId, actor } = context
    const role = await findRole(tx, organizationId, roleId)
    if (!role) throw notFound('The role')
    refuseSystemRole(role)
    refuseRoleAbove(actor, role)
    const replacement = replacementRoleId ? await findReplacement(context, role, replacementRoleId) : null
    if (!replacement && (await isRoleInUse(tx, organizationId, roleId)))
      throw new AppError('REQUIRED', `${role.name} is in use; name the role that takes its place.`, {
        path: REPLACEMENT,
      })
    if (await isHeldByMoreThan(tx, organizationId, roleId, MAXIMUM_HOLDERS))
      throw new AppError(
        'TOO_MANY',
        `More than 10,000 members have ${role.name}; give some of them another role first.`,
        {
          path: ['id'],
        },
      )
    // Removed members keep their row with a role: it is a record only, so the least one will do.
    const moved = await moveRoleReferences(tx, organizationId, role, replacement ?? (await leastRole(context, role)))
    await deleteRoleRow(tx, organizationId, roleId)
    await mirrorRoleNames(tx, organizationId)
    context.audit(
      roleAudit('role.deleted', role, [
        { field: 'permissions', before: [...role.permissions].sort(), after: null },
        { field: 'replacement', before: null, after: replacement?.key ?? null },
        { field: 'moved', before: null, after: moved },
      ]),
    )
  },
})

async function findReplacement(
  { tx, organizationId, actor }: WriteContext,
  role: Role,
  replacementRoleId: string,
): Promise<Role> {
  const replacement = await findRole(tx, organizationId, replacementRoleId)
  if (!replacement) throw notFound('The replacement')
  const refuse = (message: string) => new AppError('INVALID', message, { path: REPLACEMENT })
  if (replacement.id === role.id) throw refuse('A role cannot take its own place; name another one.')
  if (replacement.scope !== role.scope) throw refuse(`The replacement must be a role of the scope ${role.scope} too.`)
  if (replacement.scope === 'ORGANIZATION' && replacement.key === SYSTEM_ROLES.ADMIN.key)
    throw refuse('Nobody becomes Admin by a deletion; give the role to those who shall have it, then delete this one.')
  refuseEscalation(actor, replacement.permissions, {}, REPLACEMENT)
  return replacement
}

async function leastRole({ tx, organizationId }: WriteContext, { scope }: Role): Promise<Role> {
  const { key } = scope === 'ORGANIZATION' ? SYSTEM_ROLES.MEMBER : SYSTEM_ROLES.PROJECT_MEMBER
  return (await findRoles(tx, organizationId, scope)).find((role) => role.isSystem && role.key === key)!
}
