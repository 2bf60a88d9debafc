import { permissionsOfRole, type RoleScope, SYSTEM_ROLES } from '../../access'
import { newId } from '../../kernel/ids'
import type { Statement, Transaction } from '../../platform/database'
import { listedPermissions } from './listed-permissions'
import { RoleEntity } from './role.entity'

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
