import { COUNT_CAP, type CountResult, cappedCount, type Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'

/** A group as the identity provider sees it. */
export interface DirectoryGroupRow {
  id: string
  directoryId: string
  displayName: string
  displayNameKey: string
  externalId: string | null
  /** People and groups that it names itself. */
  memberCount: number
  /** The team that mirrors it. */
  teamId: string
  createdAt: Date
  updatedAt: Date
}

/** At most `page.size + 1` groups of a directory by name, in walking order. @param search  part of the name, or null */
export async function listDirectoryGroupRows(
  tx: Transaction,
  organizationId: string,
  directoryId: string,
  search: string | null,
  page: Page,
): Promise<DirectoryGroupRow[]> {
  const statement = page.direction === 'forwards' ? LIST : LIST_BACKWARDS
  return tx.query(statement, [organizationId, directoryId, search, page.cursor?.[0] ?? null, page.size + 1])
}

/** How many groups of a directory match; counting stops at 10,000. */
export async function countDirectoryGroupRows(
  tx: Transaction,
  organizationId: string,
  directoryId: string,
  search: string | null,
): Promise<CountResult> {
  const [row] = await tx.query<{ n: number }>(COUNT, [organizationId, directoryId, search, COUNT_CAP + 1])
  return cappedCount(row!.n)
}

/** Groups of directories by id; ids that name none are left out. */
export async function findDirectoryGroups(
  tx: Transaction,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, DirectoryGroupRow>> {
  const rows = await tx.query<DirectoryGroupRow>(FIND, [organizationId, ids])
  return new Map(rows.map((row) => [row.id, row]))
}

/** At most `page.size + 1` groups that name each of these people, by name, in walking order. */
export async function listGroupsOfUsers(
  tx: Transaction,
  organizationId: string,
  userIds: readonly string[],
  page: Page,
): Promise<(DirectoryGroupRow & { userId: string })[]> {
  const statement = page.direction === 'forwards' ? OF_USERS : OF_USERS_BACKWARDS
  return tx.query(statement, [organizationId, userIds, page.cursor?.[0] ?? null, page.size + 1])
}

/** How many groups name each of these people; people in none are left out. */
export async function countGroupsOfUsers(
  tx: Transaction,
  organizationId: string,
  userIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.query<{ id: string; n: number }>(COUNT_OF_USERS, [organizationId, userIds])
  return new Map(rows.map(({ id, n }) => [id, n]))
}

const COLUMNS = `
g.id, g.directory_id AS "directoryId", g.display_name AS "displayName", g.display_name_key AS "displayNameKey",
g.external_id AS "externalId", g.member_count AS "memberCount", g.team_id AS "teamId", g.created_at AS "createdAt",
g.updated_at AS "updatedAt"`
const MATCHING = `
FROM directory_groups g WHERE g.organization_id = $1 AND g.directory_id = $2
  AND ($3::text IS NULL OR strpos(g.display_name_key, $3) > 0)`
const list = (beyond: '<' | '>', way: 'ASC' | 'DESC') => `
SELECT ${COLUMNS} ${MATCHING} AND ($4::text IS NULL OR g.display_name_key ${beyond} $4)
ORDER BY g.display_name_key ${way} LIMIT $5`
const LIST: Statement = { name: 'list-directory-groups', text: list('>', 'ASC') }
const LIST_BACKWARDS: Statement = { name: 'list-directory-groups-backwards', text: list('<', 'DESC') }
const COUNT: Statement = {
  name: 'count-directory-groups',
  text: `SELECT count(*)::int AS n FROM (SELECT ${MATCHING} LIMIT $4) AS matching`,
}
const FIND: Statement = {
  name: 'find-directory-groups',
  text: `SELECT ${COLUMNS} FROM directory_groups g WHERE g.organization_id = $1
  AND g.directory_id IN (SELECT id FROM directories WHERE organization_id = $1) AND g.id = ANY ($2::uuid[])`,
}
const ofUsers = (beyond: '<' | '>', way: 'ASC' | 'DESC') => `
SELECT u.id AS "userId", own.* FROM unnest($2::uuid[]) AS wanted(id)
JOIN directory_users u ON u.organization_id = $1 AND u.id = wanted.id
  AND u.directory_id IN (SELECT id FROM directories WHERE organization_id = $1)
CROSS JOIN LATERAL (
  SELECT ${COLUMNS} FROM directory_group_members gm
  JOIN directory_groups g ON g.organization_id = gm.organization_id AND g.directory_id = gm.directory_id AND g.id = gm.group_id
  WHERE gm.organization_id = $1 AND gm.directory_id = u.directory_id AND gm.user_id = u.id
    AND ($3::text IS NULL OR g.display_name_key ${beyond} $3)
  ORDER BY g.display_name_key ${way} LIMIT $4
) AS own`
const OF_USERS: Statement = { name: 'list-groups-of-users', text: ofUsers('>', 'ASC') }
const OF_USERS_BACKWARDS: Statement = { name: 'list-groups-of-users-backwards', text: ofUsers('<', 'DESC') }
const COUNT_OF_USERS: Statement = {
  name: 'count-groups-of-users',
  text: `
SELECT gm.user_id AS id, count(*)::int AS n FROM directory_group_members gm
WHERE gm.organization_id = $1 AND gm.directory_id IN (SELECT id FROM directories WHERE organization_id = $1)
  AND gm.user_id = ANY ($2::uuid[])
GROUP BY gm.user_id`,
}
