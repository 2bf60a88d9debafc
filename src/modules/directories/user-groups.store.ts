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

/**
 * The groups that name people on a `page`, once for each of them, by name: to look for all at once costs half of looking
 * for those of one person after the other. Names are no join: by a plan that is kept from before there were groups, it would
 * look through all memberships again for each group.
 */
export const GROUPS_ON_PAGE = `
SELECT m.user_id AS "userId", m.group_id AS "groupId", (
    SELECT g.display_name FROM directory_groups g
    WHERE g.organization_id = $1 AND g.directory_id = $2 AND g.id = m.group_id
  ) AS "groupName"
FROM directory_group_members m
WHERE m.organization_id = $1 AND m.directory_id = $2 AND m.user_id = ANY (ARRAY(SELECT page.id FROM page))
ORDER BY "groupName", "groupId"`

/** What it finds. */
export interface GroupOnPage {
  readonly userId: string
  readonly groupId: string
  readonly groupName: string
}

/** Whether groups of the directory nest at all. */
export const ARE_GROUPS_NESTED = `EXISTS (
  SELECT FROM directory_group_nestings n WHERE n.organization_id = $1 AND n.directory_id = $2
) AS "areGroupsNested"`

/** People with their groups, in the order of those; as they are where nobody is in any. */
export function withGroupsOf<Row extends { readonly id: string }>(
  rows: readonly Row[],
  groups: readonly GroupOfUser[],
): readonly (Row & { readonly groups?: readonly GroupOfUser[] })[] {
  if (groups.length === 0) return rows
  const byUser = new Map(rows.map(({ id }): [string, GroupOfUser[]] => [id, []]))
  for (const group of groups) byUser.get(group.userId)?.push(group)
  return rows.map((row) => ({ ...row, groups: byUser.get(row.id)! }))
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
