import type { Statement, Transaction } from '../../platform/database'

/** Everything that refers to a role. A test holds the list against the foreign keys. */
export const ROLE_REFERENCES = [
  { table: 'members', column: 'role_id', hasVersion: true },
  { table: 'project_grants', column: 'role_id', hasVersion: false },
  { table: 'service_accounts', column: 'role_id', hasVersion: true },
  { table: 'sso_providers', column: 'default_role_id', hasVersion: true },
  { table: 'sso_group_mappings', column: 'role_id', hasVersion: false },
  { table: 'directories', column: 'default_role_id', hasVersion: true },
  { table: 'directory_group_rules', column: 'role_id', hasVersion: false },
  { table: 'directory_users', column: 'given_role_id', hasVersion: false },
] as const

/** Whether anybody has the role or would come to have it; removed members do not count. */
export async function isRoleInUse(tx: Transaction, organizationId: string, roleId: string): Promise<boolean> {
  const [row] = await tx.query<{ inUse: boolean }>(IS_ROLE_IN_USE, [organizationId, roleId])
  return row!.inUse
}

/** Whether more people than that have the role in the organization; removed members do not count. */
export async function isHeldByMoreThan(
  tx: Transaction,
  organizationId: string,
  roleId: string,
  limit: number,
): Promise<boolean> {
  const [row] = await tx.query<{ n: number }>(COUNT_HOLDERS, [organizationId, roleId, limit + 1])
  return row!.n > limit
}

/**
 * Puts another role of the same scope wherever a role is referred to, with what is copied of it outside the tenant.
 * @returns  how many rows were moved, by table; without removed members and without what has none
 */
export async function moveRoleReferences(
  tx: Transaction,
  organizationId: string,
  from: { id: string; key: string; scope: string },
  to: { id: string; key: string; name: string },
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [table, statement] of MOVES) {
    const [row] = await tx.query<{ n: number }>(statement, [organizationId, from.id, to.id])
    if (row!.n > 0) counts[table] = row!.n
  }
  await tx.execute(MOVE_RECORDS, [organizationId, from.id, to.id])
  if (from.scope === 'ORGANIZATION') {
    await tx.execute(MOVE_MEMBERSHIPS, [organizationId, from.key, to.key])
    await tx.execute(RENAME_OFFERS, [organizationId, to.id, to.name])
  }
  return counts
}

/** Writes the name of a role into the invitations that offer it, as the invited person is shown it. */
export async function renameOffers(
  tx: Transaction,
  organizationId: string,
  role: { id: string; name: string },
): Promise<void> {
  await tx.execute(RENAME_OFFERS, [organizationId, role.id, role.name])
}

const IS_ROLE_IN_USE: Statement = {
  name: 'is-role-in-use',
  text: `SELECT ${ROLE_REFERENCES.map(
    ({ table, column }) => `EXISTS (
  SELECT FROM ${table} t WHERE t.organization_id = $1 AND t.${column} = $2${table === 'members' ? ` AND t.status <> 'REMOVED'` : ''})`,
  ).join(' OR ')} AS "inUse"`,
}

const COUNT_HOLDERS: Statement = {
  name: 'count-holders-of-role',
  text: `
SELECT count(*)::int AS n FROM (
  SELECT FROM members WHERE organization_id = $1 AND role_id = $2 AND status <> 'REMOVED' LIMIT $3) AS holders`,
}

const MOVES = ROLE_REFERENCES.map(({ table, column, hasVersion }): [string, Statement] => [
  table,
  {
    name: `move-role-of-${table.replaceAll('_', '-')}`,
    text: `
WITH moved AS (
  UPDATE ${table} t SET ${column} = $3${hasVersion ? ', version = version + 1, updated_at = now()' : ''}
  WHERE t.organization_id = $1 AND t.${column} = $2
  RETURNING ${table === 'members' ? `t.status <> 'REMOVED'` : 'true'} AS counts
)
SELECT count(*)::int AS n FROM moved WHERE counts`,
  },
])

// What a member was before the organization changed how members come: no foreign key, but it may be gone back to.
const MOVE_RECORDS: Statement = {
  name: 'move-role-of-records',
  text: `
UPDATE membership_mode_switch_members SET role_id_before = $3 WHERE organization_id = $1 AND role_id_before = $2`,
}

const MOVE_MEMBERSHIPS: Statement = {
  name: 'move-role-of-user-memberships',
  text: 'UPDATE user_memberships SET role_key = $3 WHERE organization_id = $1 AND role_key = $2',
}

const RENAME_OFFERS: Statement = {
  name: 'rename-offered-role',
  text: `
UPDATE invitation_addresses a SET role_name = $3
FROM invitations i JOIN members m ON m.organization_id = i.organization_id AND m.id = i.member_id
WHERE a.organization_id = $1 AND i.organization_id = $1 AND i.id = a.invitation_id AND m.role_id = $2
  AND a.role_name <> $3`,
}
