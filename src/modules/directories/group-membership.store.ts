import type { Statement, Transaction } from '../../platform/database'
import type { GroupMember } from './directory-group.model'
import type { InDirectory } from './directory-user.store'

/** Puts people into a group. @returns who was not in it, or is unknown: with `unknown` those that the directory does not have */
export async function addUsersToGroup(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  groupId: string,
  userIds: readonly string[],
): Promise<{ added: readonly string[]; unknown: readonly string[] }> {
  if (userIds.length === 0) return { added: [], unknown: [] }
  const [row] = await tx.query<{ added: string[]; unknown: string[] }>(ADD_USERS, [
    organizationId,
    directoryId,
    groupId,
    userIds,
  ])
  return row!
}

/** Puts groups into a group; otherwise as `addUsersToGroup`. */
export async function addGroupsToGroup(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  groupId: string,
  childIds: readonly string[],
): Promise<{ added: readonly string[]; unknown: readonly string[] }> {
  if (childIds.length === 0) return { added: [], unknown: [] }
  const [row] = await tx.query<{ added: string[]; unknown: string[] }>(ADD_GROUPS, [
    organizationId,
    directoryId,
    groupId,
    childIds,
  ])
  return row!
}

/** Takes people out of a group. @returns those who were in it */
export async function removeUsersFromGroup(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  groupId: string,
  userIds: readonly string[],
): Promise<readonly string[]> {
  if (userIds.length === 0) return []
  return ids(await tx.query<{ id: string }>(REMOVE_USERS, [organizationId, directoryId, groupId, userIds]))
}

/** Takes groups out of a group. @returns those that were in it */
export async function removeGroupsFromGroup(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  groupId: string,
  childIds: readonly string[],
): Promise<readonly string[]> {
  if (childIds.length === 0) return []
  return ids(await tx.query<{ id: string }>(REMOVE_GROUPS, [organizationId, directoryId, groupId, childIds]))
}

/** Takes everybody out of a group but these people. @returns those who were in it */
export async function removeOtherUsers(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  groupId: string,
  keptIds: readonly string[],
): Promise<readonly string[]> {
  return ids(await tx.query<{ id: string }>(REMOVE_OTHER_USERS, [organizationId, directoryId, groupId, keptIds]))
}

/** Takes every group out of a group but these. @returns those that were in it */
export async function removeOtherGroups(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  groupId: string,
  keptIds: readonly string[],
): Promise<readonly string[]> {
  return ids(await tx.query<{ id: string }>(REMOVE_OTHER_GROUPS, [organizationId, directoryId, groupId, keptIds]))
}

/** What groups name as members, people first, by id. */
export async function listGroupMembers(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  groupIds: readonly string[],
): Promise<GroupMember[]> {
  return tx.query<GroupMember>(LIST_MEMBERS, [organizationId, directoryId, groupIds])
}

/** Everybody in these groups and in the groups below them. */
export async function findUsersBelow(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  groupIds: readonly string[],
): Promise<readonly string[]> {
  return ids(await tx.query<{ id: string }>(USERS_BELOW, [organizationId, directoryId, groupIds]))
}

/** How deep the groups around a group nest, and whether it is below itself. */
export async function measureNesting(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  groupId: string,
): Promise<{ depth: number; isCircular: boolean }> {
  const [row] = await tx.query<{ depth: number; isCircular: boolean }>(MEASURE_NESTING, [
    organizationId,
    directoryId,
    groupId,
  ])
  return row!
}

/** Whether the groups of a directory nest at all. */
export async function isNesting(tx: Transaction, { organizationId, directoryId }: InDirectory): Promise<boolean> {
  return (await tx.execute(IS_NESTING, [organizationId, directoryId])) > 0
}

/**
 * Puts the members behind these people into exactly the teams of the groups they are in, directly or through groups below.
 * What it costs follows from them and their groups, not from the size of any group.
 */
export async function settleTeams(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  userIds: readonly string[],
): Promise<void> {
  if (userIds.length > 0) await tx.execute(SETTLE_TEAMS, [organizationId, directoryId, userIds])
}

/**
 * Puts the members behind people who have just joined a group into its team and those of the groups above it: the same as
 * `settleTeams` where nobody leaves, without a look at the other groups of these people.
 */
export async function joinTeams(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  groupId: string,
  userIds: readonly string[],
): Promise<void> {
  if (userIds.length > 0) await tx.execute(JOIN_TEAMS, [organizationId, directoryId, groupId, userIds])
}

/** Takes members out of all teams that mirror groups of this directory. */
export async function leaveAllTeams(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  memberIds: readonly string[],
): Promise<void> {
  await tx.execute(LEAVE_ALL_TEAMS, [organizationId, directoryId, memberIds])
}

function ids(rows: readonly { id: string }[]): readonly string[] {
  return rows.map(({ id }) => id)
}

// EXCEPT hashes whatever it compares. PostgreSQL takes lists and what comes out of CTEs for short, and would compare
// each with each for NOT EXISTS.
const ADD_USERS: Statement = {
  name: 'add-users-to-group',
  text: `
WITH known AS (
  SELECT u.id FROM unnest($4::uuid[]) AS asked(id)
  JOIN directory_users u ON u.organization_id = $1 AND u.directory_id = $2 AND u.id = asked.id
), added AS (
  INSERT INTO directory_group_members (organization_id, directory_id, group_id, user_id)
  SELECT $1, $2, $3, id FROM known ORDER BY id
  ON CONFLICT DO NOTHING RETURNING user_id
)
SELECT coalesce((SELECT array_agg(user_id) FROM added), '{}') AS added,
  coalesce((SELECT array_agg(id) FROM (SELECT unnest($4::uuid[]) AS id EXCEPT TABLE known) AS missing), '{}') AS unknown`,
}
const ADD_GROUPS: Statement = {
  name: 'add-groups-to-group',
  text: `
WITH known AS (
  SELECT g.id FROM unnest($4::uuid[]) AS asked(id)
  JOIN directory_groups g ON g.organization_id = $1 AND g.directory_id = $2 AND g.id = asked.id
), added AS (
  INSERT INTO directory_group_nestings (organization_id, directory_id, group_id, child_id)
  SELECT $1, $2, $3, id FROM known ORDER BY id
  ON CONFLICT DO NOTHING RETURNING child_id
)
SELECT coalesce((SELECT array_agg(child_id) FROM added), '{}') AS added,
  coalesce((SELECT array_agg(id) FROM (SELECT unnest($4::uuid[]) AS id EXCEPT TABLE known) AS missing), '{}') AS unknown`,
}
const REMOVE_USERS: Statement = {
  name: 'remove-users-from-group',
  text: `
DELETE FROM directory_group_members
WHERE organization_id = $1 AND directory_id = $2 AND group_id = $3 AND user_id = ANY ($4::uuid[]) RETURNING user_id AS id`,
}
const REMOVE_GROUPS: Statement = {
  name: 'remove-groups-from-group',
  text: `
DELETE FROM directory_group_nestings
WHERE organization_id = $1 AND directory_id = $2 AND group_id = $3 AND child_id = ANY ($4::uuid[]) RETURNING child_id AS id`,
}
const REMOVE_OTHER_USERS: Statement = {
  name: 'remove-other-users-from-group',
  text: `
DELETE FROM directory_group_members m USING (
  SELECT user_id AS id FROM directory_group_members WHERE organization_id = $1 AND directory_id = $2 AND group_id = $3
  EXCEPT SELECT unnest($4::uuid[])
) AS other
WHERE m.organization_id = $1 AND m.directory_id = $2 AND m.group_id = $3 AND m.user_id = other.id RETURNING m.user_id AS id`,
}
const REMOVE_OTHER_GROUPS: Statement = {
  name: 'remove-other-groups-from-group',
  text: `
DELETE FROM directory_group_nestings m USING (
  SELECT child_id AS id FROM directory_group_nestings WHERE organization_id = $1 AND directory_id = $2 AND group_id = $3
  EXCEPT SELECT unnest($4::uuid[])
) AS other
WHERE m.organization_id = $1 AND m.directory_id = $2 AND m.group_id = $3 AND m.child_id = other.id RETURNING m.child_id AS id`,
}

const LIST_MEMBERS: Statement = {
  name: 'list-directory-group-members',
  text: `
SELECT m.group_id AS "groupId", u.id, 'USER' AS kind, coalesce(u.doc->>'displayName', u.user_name) AS display
FROM directory_group_members m
JOIN directory_users u ON u.organization_id = m.organization_id AND u.directory_id = m.directory_id AND u.id = m.user_id
WHERE m.organization_id = $1 AND m.directory_id = $2 AND m.group_id = ANY ($3::uuid[])
UNION ALL
SELECT n.group_id, g.id, 'GROUP', g.display_name
FROM directory_group_nestings n
JOIN directory_groups g ON g.organization_id = n.organization_id AND g.directory_id = n.directory_id AND g.id = n.child_id
WHERE n.organization_id = $1 AND n.directory_id = $2 AND n.group_id = ANY ($3::uuid[])
ORDER BY kind DESC, id`,
}

const BELOW = `
below(id) AS (
  SELECT unnest($3::uuid[])
  UNION
  SELECT n.child_id FROM below
  JOIN directory_group_nestings n ON n.organization_id = $1 AND n.directory_id = $2 AND n.group_id = below.id
)`
const USERS_BELOW: Statement = {
  name: 'find-users-below-groups',
  text: `
WITH RECURSIVE ${BELOW}
SELECT DISTINCT m.user_id AS id FROM below
JOIN directory_group_members m ON m.organization_id = $1 AND m.directory_id = $2 AND m.group_id = below.id`,
}

// Bounded by one level more than is allowed, also in a circle.
const MEASURE_NESTING: Statement = {
  name: 'measure-group-nesting',
  text: `
WITH RECURSIVE up(id, depth) AS (
  SELECT $3::uuid, 1
  UNION
  SELECT n.group_id, up.depth + 1 FROM up
  JOIN directory_group_nestings n ON n.organization_id = $1 AND n.directory_id = $2 AND n.child_id = up.id
  WHERE up.depth <= 6
), down(id, depth) AS (
  SELECT $3::uuid, 0
  UNION
  SELECT n.child_id, down.depth + 1 FROM down
  JOIN directory_group_nestings n ON n.organization_id = $1 AND n.directory_id = $2 AND n.group_id = down.id
  WHERE down.depth <= 6
)
SELECT (SELECT max(depth) FROM up) + (SELECT max(depth) FROM down) AS depth,
  EXISTS (SELECT FROM down WHERE id = $3 AND depth > 0) AS "isCircular"`,
}

const IS_NESTING: Statement = {
  name: 'is-directory-nesting',
  text: 'SELECT FROM directory_group_nestings WHERE organization_id = $1 AND directory_id = $2 LIMIT 1',
}

/** Every group that people are in: `up(user_id, group_id)`, from their ids in `$3`. */
export const GROUPS_ABOVE = `
up(user_id, group_id) AS (
  SELECT m.user_id, m.group_id FROM directory_group_members m
  WHERE m.organization_id = $1 AND m.directory_id = $2 AND m.user_id = ANY ($3::uuid[])
  UNION
  SELECT up.user_id, n.group_id FROM up
  JOIN directory_group_nestings n ON n.organization_id = $1 AND n.directory_id = $2 AND n.child_id = up.group_id
)`

const SETTLE_TEAMS: Statement = {
  name: 'settle-teams-of-directory-users',
  text: `
WITH RECURSIVE ${GROUPS_ABOVE}, people AS (
  SELECT u.id, u.member_id FROM directory_users u
  JOIN members m ON m.organization_id = u.organization_id AND m.id = u.member_id AND m.status <> 'REMOVED'
  WHERE u.organization_id = $1 AND u.directory_id = $2 AND u.id = ANY ($3::uuid[])
), wanted AS (
  SELECT DISTINCT g.team_id, people.member_id FROM up
  JOIN people ON people.id = up.user_id
  JOIN directory_groups g ON g.organization_id = $1 AND g.directory_id = $2 AND g.id = up.group_id
), present AS (
  SELECT tm.team_id, tm.member_id FROM people
  JOIN team_members tm ON tm.organization_id = $1 AND tm.member_id = people.member_id
  WHERE EXISTS (
    SELECT FROM directory_groups g WHERE g.organization_id = $1 AND g.directory_id = $2 AND g.team_id = tm.team_id)
), joined AS (
  INSERT INTO team_members (organization_id, team_id, member_id)
  SELECT $1, team_id, member_id FROM (TABLE wanted EXCEPT TABLE present) AS missing
  ON CONFLICT DO NOTHING RETURNING team_id, 1 AS step
), gone AS (
  DELETE FROM team_members tm USING (TABLE present EXCEPT TABLE wanted) AS p
  WHERE tm.organization_id = $1 AND tm.team_id = p.team_id AND tm.member_id = p.member_id
  RETURNING tm.team_id, -1 AS step
)
UPDATE teams t SET member_count = t.member_count + change.people
FROM (SELECT team_id, sum(step) AS people FROM (TABLE joined UNION ALL TABLE gone) AS each GROUP BY team_id) AS change
WHERE t.organization_id = $1 AND t.id = change.team_id`,
}

const JOIN_TEAMS: Statement = {
  name: 'join-teams-of-directory-group',
  text: `
WITH RECURSIVE above(id) AS (
  SELECT $3::uuid
  UNION
  SELECT n.group_id FROM above
  JOIN directory_group_nestings n ON n.organization_id = $1 AND n.directory_id = $2 AND n.child_id = above.id
), joined AS (
  INSERT INTO team_members (organization_id, team_id, member_id)
  SELECT $1, g.team_id, m.id FROM unnest($4::uuid[]) AS asked(id)
  JOIN directory_users u ON u.organization_id = $1 AND u.directory_id = $2 AND u.id = asked.id
  JOIN members m ON m.organization_id = $1 AND m.id = u.member_id AND m.status <> 'REMOVED'
  CROSS JOIN above JOIN directory_groups g ON g.organization_id = $1 AND g.directory_id = $2 AND g.id = above.id
  ON CONFLICT DO NOTHING RETURNING team_id
)
UPDATE teams t SET member_count = t.member_count + change.people
FROM (SELECT team_id, count(*) AS people FROM joined GROUP BY team_id) AS change
WHERE t.organization_id = $1 AND t.id = change.team_id`,
}

const LEAVE_ALL_TEAMS: Statement = {
  name: 'leave-teams-of-directory',
  text: `
WITH gone AS (
  DELETE FROM team_members tm USING directory_groups g
  WHERE tm.organization_id = $1 AND tm.member_id = ANY ($3::uuid[])
    AND g.organization_id = $1 AND g.directory_id = $2 AND g.team_id = tm.team_id
  RETURNING tm.team_id
)
UPDATE teams t SET member_count = t.member_count - fewer.people
FROM (SELECT team_id, count(*) AS people FROM gone GROUP BY team_id) AS fewer
WHERE t.organization_id = $1 AND t.id = fewer.team_id`,
}
