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

const AS_JSON = (isDirect: string): string => `
  json_agg(json_build_object('userId', u.id, 'id', g.id, 'displayName', g.display_name, 'isDirect', ${isDirect})
    ORDER BY g.display_name, g.id)`

/**
 * The same for one person `u` of a statement about `directory_users`, as JSON. Where no groups nest, as in most directories,
 * each person costs one walk and no recursion.
 */
export const GROUPS_OF_USER = `CASE WHEN EXISTS (
  SELECT FROM directory_group_nestings n WHERE n.organization_id = $1 AND n.directory_id = $2
) THEN (
  WITH RECURSIVE up(group_id, is_direct) AS (
    SELECT m.group_id, true FROM directory_group_members m
    WHERE m.organization_id = $1 AND m.directory_id = $2 AND m.user_id = u.id
    UNION
    SELECT n.group_id, false FROM up
    JOIN directory_group_nestings n ON n.organization_id = $1 AND n.directory_id = $2 AND n.child_id = up.group_id
  ), each AS (SELECT group_id, bool_or(is_direct) AS is_direct FROM up GROUP BY group_id)
  SELECT ${AS_JSON('each.is_direct')}
  FROM each JOIN directory_groups g ON g.organization_id = $1 AND g.directory_id = $2 AND g.id = each.group_id
) ELSE (
  SELECT ${AS_JSON('true')} FROM directory_group_members m
  JOIN directory_groups g ON g.organization_id = $1 AND g.directory_id = $2 AND g.id = m.group_id
  WHERE m.organization_id = $1 AND m.directory_id = $2 AND m.user_id = u.id
) END`

const FIND_GROUPS_OF_USERS: Statement = {
  name: 'find-groups-of-directory-users',
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
