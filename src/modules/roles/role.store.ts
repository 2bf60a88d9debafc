import { type RoleScope, SYSTEM_ROLES } from '../../access'
import { newId } from '../../kernel/ids'
import type { Transaction } from '../../platform/database'
import { RoleEntity } from './role.entity'

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
export async function findRole(tx: Transaction, organizationId: string, id: string): Promise<RoleEntity | null> {
  return tx.entities.findOneBy(RoleEntity, { organizationId, id })
}

/** The roles of an organization, of one scope or of both, oldest first. */
export async function findRoles(
  tx: Transaction,
  organizationId: string,
  scope: RoleScope | null = null,
): Promise<RoleEntity[]> {
  return tx.entities.find(RoleEntity, {
    where: scope ? { organizationId, scope } : { organizationId },
    order: { id: 'ASC' },
  })
}
