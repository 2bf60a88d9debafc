import { permissionsOfRole, type RoleScope, SYSTEM_ROLES } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import { listedPermissions } from './listed-permissions'
import { RoleEntity } from './role.entity'
import type { CheckedRole } from './role.model'
import { renameOffers } from './role-references.store'

/** A role with everything it allows. */
export interface Role {
  id: string
  scope: RoleScope
  /** Stable name within its scope, e.g. `admin`. */
  key: string
  name: string
  description: string | null
  isSystem: boolean
  permissions: ReadonlySet<string>
  version: number
  createdAt: Date
}

/** Gives a new organization its built-in roles. @returns the id of its Admin role */
export async function insertSystemRoles(tx: Transaction, organizationId: string): Promise<string> {
  const rows = Object.values(SYSTEM_ROLES).map(({ scope, key, name, description }) => ({
    organizationId,
    id: newId(),
    scope,
    key,
    name,
    description,
    isSystem: true,
  }))
  await tx.entities.insert(RoleEntity, rows)
  return rows.find((row) => row.key === SYSTEM_ROLES.ADMIN.key)!.id
}

/** One role of the organization, or null when it does not exist there. */
export async function findRole(tx: Transaction, organizationId: string, id: string): Promise<Role | null> {
  const [row] = await tx.query<RoleColumns>(FIND_ROLE, [organizationId, id])
  return row ? roleOf(row) : null
}

/** The roles of an organization, of one scope or of both, oldest first. */
export async function findRoles(
  tx: Transaction,
  organizationId: string,
  scope: RoleScope | null = null,
): Promise<Role[]> {
  const rows = await tx.query<RoleColumns>(FIND_ROLES, [organizationId, scope])
  return rows.map(roleOf)
}

/** How many roles of its own an organization has. */
export async function countOwnRoles(tx: Transaction, organizationId: string): Promise<number> {
  return tx.entities.countBy(RoleEntity, { organizationId, isSystem: false })
}

/** @returns  the role's id @throws NOT_UNIQUE  the organization has a role with this key in the same scope */
export async function insertRole(tx: Transaction, organizationId: string, role: CheckedRole): Promise<string> {
  const id = newId()
  await tx.entities.insert(RoleEntity, { organizationId, id, ...role }).catch((error: unknown) => {
    if (violatedConstraint(error) !== 'roles_scope_key') throw error
    throw new AppError('NOT_UNIQUE', `The organization has a role with the key ${role.key}; choose another.`, {
      path: ['input', 'key'],
    })
  })
  return id
}

/** Changes a role, which the caller has locked with its organization. */
export async function updateRoleRow(
  tx: Transaction,
  organizationId: string,
  { id, version }: Pick<Role, 'id' | 'version'>,
  changes: Partial<Pick<CheckedRole, 'name' | 'description' | 'permissions'>>,
): Promise<void> {
  const written = { ...changes, version: version + 1, updatedAt: () => 'now()' }
  await tx.entities.update(RoleEntity, { organizationId, id }, written)
}

/** Deletes a role that nothing refers to any more. */
export async function deleteRoleRow(tx: Transaction, organizationId: string, id: string): Promise<void> {
  await tx.entities.delete(RoleEntity, { organizationId, id })
}

/**
 * Copies the names of the organization's own roles to where the account side reads them.
 * @param renamed  the role that has a new name, which invitations show as well
 */
export async function mirrorRoleNames(
  tx: Transaction,
  organizationId: string,
  renamed?: Pick<Role, 'id' | 'name' | 'scope'>,
): Promise<void> {
  await tx.execute(MIRROR_ROLE_NAMES, [organizationId])
  if (renamed?.scope === 'ORGANIZATION') await renameOffers(tx, organizationId, renamed)
}

interface RoleColumns extends Omit<Role, 'permissions'> {
  listed: string[]
}

function roleOf({ listed, ...row }: RoleColumns): Role {
  return { ...row, permissions: permissionsOfRole(row.scope, row.key, listed) }
}

const COLUMNS = `
SELECT r.id, r.scope, r.key, r.name, r.description, r.is_system AS "isSystem", r.version, r.created_at AS "createdAt",
  ${listedPermissions('r')} AS listed
FROM roles r WHERE r.organization_id = $1`
const FIND_ROLE: Statement = { name: 'find-role', text: `${COLUMNS} AND r.id = $2` }
const FIND_ROLES: Statement = {
  name: 'find-roles',
  text: `${COLUMNS} AND ($2::text IS NULL OR r.scope = $2) ORDER BY r.id`,
}

const MIRROR_ROLE_NAMES: Statement = {
  name: 'mirror-role-names',
  text: `
UPDATE organization_cards SET role_names = coalesce((
  SELECT jsonb_object_agg(r.key, r.name) FROM roles r
  WHERE r.organization_id = $1 AND r.scope = 'ORGANIZATION' AND NOT r.is_system), '{}')
WHERE organization_id = $1`,
}
