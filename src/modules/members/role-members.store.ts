import type { Statement, Transaction } from '../../platform/database'

/**
 * How many members hold each of these roles, by role id; roles that do not exist are missing. A role of the organization
 * is held by its members who are not removed, a role of projects by those to whom a grant that runs gives it.
 */
export async function countMembersOfRoles(
  tx: Transaction,
  organizationId: string,
  roleIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.query<{ id: string; count: number }>(COUNT_MEMBERS_OF_ROLES, [organizationId, roleIds])
  return new Map(rows.map(({ id, count }) => [id, count]))
}

// Members are counted in the index on their role alone: one role may have a million.
const COUNT_MEMBERS_OF_ROLES: Statement = {
  name: 'count-members-of-roles',
  text: `
SELECT r.id, CASE r.scope WHEN 'ORGANIZATION' THEN (
    SELECT count(*)::int FROM members m
    WHERE m.organization_id = $1 AND m.role_id = r.id AND m.status <> 'REMOVED'
  ) ELSE (
    SELECT count(DISTINCT g.member_id)::int FROM project_grants g
    WHERE g.organization_id = $1 AND g.role_id = r.id AND (g.expires_at IS NULL OR g.expires_at > now())
  ) END AS count
FROM roles r WHERE r.organization_id = $1 AND r.id = ANY ($2::uuid[])`,
}
