import { smallestIdAt } from '../../kernel/ids'
import type { Statement, Transaction } from '../../platform/database'

/** In what a member differs from what the directory says. */
export type DriftKind = 'STATUS' | 'ROLE' | 'EMAIL' | 'TEAMS' | 'REMOVED'

/** A person of a directory whose member differs. */
export interface DriftRow {
  userNameKey: string
  userId: string
  memberId: string
  kinds: DriftKind[]
}

/** A stretch of a directory that was compared. */
export interface DriftStretch {
  rows: DriftRow[]
  /** How far it went; null when the end was reached. */
  lastKey: string | null
}

/**
 * Compares people of a directory with their members, in the order of their user names: at most `stretch` people, and no
 * further than to `limit` that differ.
 */
export async function findDrift(
  tx: Transaction,
  organizationId: string,
  directoryId: string,
  after: string | null,
  { stretch, limit }: { stretch: number; limit: number },
): Promise<DriftStretch> {
  const [row] = await tx.query<{ rows: DriftRow[]; last: string | null; compared: number }>(FIND_DRIFT, [
    organizationId,
    directoryId,
    // Nobody's: no user name is empty. A bound that may be missing would not reach the index.
    after ?? '',
    stretch,
    limit,
  ])
  const { rows, last, compared } = row!
  if (rows.length === limit) return { rows, lastKey: rows.at(-1)!.userNameKey }
  return { rows, lastKey: compared < stretch ? null : last }
}

/** Joined, invited and suspended members that no directory provides, in the order of their ids. */
export async function findUnmanagedMembers(
  tx: Transaction,
  organizationId: string,
  after: string | null,
  { stretch, limit }: { stretch: number; limit: number },
): Promise<{ ids: string[]; lastId: string | null }> {
  const [row] = await tx.query<{ ids: string[]; last: string | null; compared: number }>(FIND_UNMANAGED, [
    organizationId,
    after ?? smallestIdAt(0),
    stretch,
    limit,
  ])
  const { ids, last, compared } = row!
  if (ids.length === limit) return { ids, lastId: ids.at(-1)! }
  return { ids, lastId: compared < stretch ? null : last }
}

// The teams of a directory mirror its groups: who should be in one is in the group, or in a group below it.
const FIND_DRIFT: Statement = {
  name: 'find-directory-drift',
  text: `
WITH RECURSIVE people AS (
  SELECT u.id, u.user_name_key, u.active, u.member_id, u.given_role_id FROM directory_users u
  WHERE u.organization_id = $1 AND u.directory_id = $2 AND u.user_name_key > $3
  ORDER BY u.user_name_key LIMIT $4
), above(id, group_id) AS (
  SELECT id, id FROM directory_groups WHERE organization_id = $1 AND directory_id = $2
  UNION SELECT above.id, n.group_id FROM above
  JOIN directory_group_nestings n ON n.organization_id = $1 AND n.directory_id = $2 AND n.child_id = above.group_id
), wanted AS (
  SELECT DISTINCT people.member_id, g.team_id FROM people
  JOIN directory_group_members gm ON gm.organization_id = $1 AND gm.directory_id = $2 AND gm.user_id = people.id
  JOIN above ON above.id = gm.group_id
  JOIN directory_groups g ON g.organization_id = $1 AND g.directory_id = $2 AND g.id = above.group_id
), actual AS (
  SELECT tm.member_id, tm.team_id FROM people
  JOIN team_members tm ON tm.organization_id = $1 AND tm.member_id = people.member_id
  JOIN directory_groups g ON g.organization_id = $1 AND g.directory_id = $2 AND g.team_id = tm.team_id
), elsewhere AS (
  (SELECT * FROM wanted EXCEPT SELECT * FROM actual) UNION (SELECT * FROM actual EXCEPT SELECT * FROM wanted)
), compared AS (
  SELECT people.*, ARRAY_REMOVE(ARRAY[
    CASE WHEN m.status = 'REMOVED' THEN 'REMOVED' END,
    CASE WHEN m.status <> 'REMOVED' AND people.active <> (m.status = 'JOINED') THEN 'STATUS' END,
    CASE WHEN m.status <> 'REMOVED' AND people.given_role_id <> m.role_id THEN 'ROLE' END,
    CASE WHEN m.status <> 'REMOVED' AND EXISTS (
      SELECT FROM directory_user_values v WHERE v.organization_id = $1 AND v.directory_id = $2 AND v.user_id = people.id
        AND v.attribute = 'emails'
    ) AND NOT EXISTS (
      SELECT FROM directory_user_values v WHERE v.organization_id = $1 AND v.directory_id = $2 AND v.user_id = people.id
        AND v.attribute = 'emails' AND v.value_key = m.email
    ) THEN 'EMAIL' END,
    CASE WHEN m.status <> 'REMOVED' AND people.member_id IN (SELECT member_id FROM elsewhere) THEN 'TEAMS' END
  ], NULL) AS kinds
  FROM people JOIN members m ON m.organization_id = $1 AND m.id = people.member_id
), differing AS (
  SELECT user_name_key AS "userNameKey", id AS "userId", member_id AS "memberId", kinds FROM compared
  WHERE cardinality(kinds) > 0 ORDER BY user_name_key LIMIT $5
)
SELECT coalesce((SELECT jsonb_agg(to_jsonb(d) ORDER BY d."userNameKey") FROM differing d), '[]') AS rows,
  (SELECT max(user_name_key) FROM people) AS last, (SELECT count(*)::int FROM people) AS compared`,
}
const FIND_UNMANAGED: Statement = {
  name: 'find-unmanaged-members',
  text: `
WITH stretch AS (
  SELECT m.id FROM members m WHERE m.organization_id = $1 AND m.status <> 'REMOVED' AND m.id > $2
  ORDER BY m.id LIMIT $3
), others AS (
  SELECT id FROM stretch
  WHERE NOT EXISTS (SELECT FROM directory_users u WHERE u.organization_id = $1 AND u.member_id = stretch.id)
  ORDER BY id LIMIT $4
)
SELECT coalesce((SELECT array_agg(id ORDER BY id) FROM others), '{}') AS ids,
  (SELECT id FROM stretch ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*)::int FROM stretch) AS compared`,
}
