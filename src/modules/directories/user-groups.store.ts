import type { Statement, Transaction } from '../../platform/database'
import type { GroupOfUser } from './directory-user.model'
import type { InDirectory } from './directory-user.store'

/** Every group that these people are in, by name; those they are in by a group below as well. */
export async function findGroupsOfUsers(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  userIds: readonly string[],
): Promise<GroupOfUser[]> {
  if (userIds.length === 0) return []
  return tx.query<GroupOfUser>(FIND_GROUPS_OF_USERS, [organizationId, directoryId, userIds])
}

/**
 * The groups that name a person `u` of a statement about `directory_users` themselves, as JSON. Where groups nest there may be
 * more; in most directories none do, and the recursion that looks upwards costs more than the rest even where it finds nothing.
 */
export const DIRECT_GROUPS = `(
  SELECT json_agg(json_build_object('userId', u.id, 'id', g.id, 'displayName', g.display_name, 'isDirect', true)
    ORDER BY g.display_name, g.id)
  FROM directory_group_members m
  JOIN directory_groups g ON g.organization_id = $1 AND g.directory_id = $2 AND g.id = m.group_id
  WHERE m.organization_id = $1 AND m.directory_id = $2 AND m.user_id = u.id
) AS groups`

/** Whether groups of the directory nest at all. */
export const ARE_GROUPS_NESTED = `EXISTS (
  SELECT FROM directory_group_nestings n WHERE n.organization_id = $1 AND n.directory_id = $2
) AS "areGroupsNested"`

/** What both find. */
export interface DirectGroups {
  readonly groups: readonly GroupOfUser[] | null
  readonly areGroupsNested: boolean
}

/** The same people with every group that they are in, also by a group below. */
export async function withAllGroups<Row extends DirectGroups & { readonly id: string }>(
  tx: Transaction,
  place: InDirectory,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (!rows[0]?.areGroupsNested) return rows
  const groups = new Map<string, GroupOfUser[]>(rows.map(({ id }) => [id, []]))
  for (const group of await findGroupsOfUsers(tx, place, [...groups.keys()])) groups.get(group.userId)?.push(group)
  return rows.map((row) => ({ ...row, groups: groups.get(row.id) ?? null }))
}

const FIND_GROUPS_OF_USERS: Statement = {
  name: 'find-groups-of-directory-users',
  keepsPlan: true,
  text: `
WITH RECURSIVE up(user_id, group_id, is_direct) AS (
  SELECT m.user_id, m.group_id, true FROM directory_group_members m
  WHERE m.organization_id = $1 AND m.directory_id = $2 AND m.user_id = ANY ($3::uuid[])
  UNION
  SELECT up.user_id, n.group_id, false FROM up
  JOIN directory_group_nestings n ON n.organization_id = $1 AND n.directory_id = $2 AND n.child_id = up.group_id
)
SELECT up.user_id AS "userId", g.id, g.display_name AS "displayName", bool_or(up.is_direct) AS "isDirect"
FROM up JOIN directory_groups g ON g.organization_id = $1 AND g.directory_id = $2 AND g.id = up.group_id
GROUP BY up.user_id, g.id, g.display_name ORDER BY g.display_name, g.id`,
}
