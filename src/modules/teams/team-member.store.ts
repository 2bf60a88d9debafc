import type { Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'
import type { TeamRole } from './team.model'
import { joinOwn, TEAM_COLUMNS, type TeamRow } from './team.store'

/** Somebody who may be put into a team, and what they are in it now. */
export interface TeamCandidate {
  id: string
  name: string
  email: string
  /** Null when not in the team. */
  role: TeamRole | null
}

/** A person in a team. */
export interface TeamMemberRow {
  teamId: string
  memberId: string
  role: TeamRole
  addedAt: Date
}

/** Those of these members who belong to the organization, invited and suspended ones too, by id. */
export async function findTeamCandidates(
  tx: Transaction,
  organizationId: string,
  teamId: string,
  memberIds: readonly string[],
): Promise<Map<string, TeamCandidate>> {
  const rows = await tx.query<TeamCandidate>(FIND_TEAM_CANDIDATES, [organizationId, teamId, memberIds])
  return new Map(rows.map((row) => [row.id, row]))
}

/** Puts members into a team, or gives those who are in it another role; counts who is new. */
export async function upsertTeamMembers(
  tx: Transaction,
  organizationId: string,
  teamId: string,
  memberIds: readonly string[],
  role: TeamRole,
): Promise<void> {
  await tx.execute(UPSERT_TEAM_MEMBERS, [organizationId, teamId, memberIds, role])
}

/** Takes members out of a team and counts them off. */
export async function deleteTeamMembers(
  tx: Transaction,
  organizationId: string,
  teamId: string,
  memberIds: readonly string[],
): Promise<void> {
  await tx.execute(DELETE_TEAM_MEMBERS, [organizationId, teamId, memberIds])
}

/** Holds teams and their counters until the transaction ends, in one order for everybody. Unknown ids are left out. */
export async function lockTeams(
  tx: Transaction,
  organizationId: string,
  viewerId: string | null,
  teamIds: readonly string[],
): Promise<Map<string, { id: string; name: string; viewerRole: TeamRole | null }>> {
  const rows = await tx.query<{ id: string; name: string; viewerRole: TeamRole | null }>(LOCK_TEAMS, [
    organizationId,
    viewerId,
    teamIds,
  ])
  return new Map(rows.map((row) => [row.id, row]))
}

/** Puts members into exactly these teams, as plain members of each, and keeps the counters. */
export async function replaceTeamsOfMembers(
  tx: Transaction,
  organizationId: string,
  memberIds: readonly string[],
  teamIds: readonly string[],
): Promise<void> {
  await tx.execute(LEAVE_OTHER_TEAMS, [organizationId, memberIds, teamIds])
  if (teamIds.length > 0) await tx.execute(JOIN_TEAMS, [organizationId, memberIds, teamIds])
}

/** In which of these teams a member is. Teams that mirror a directory are left out: nobody else puts people into them. */
export async function findTeamsOfMemberAmong(
  tx: Transaction,
  organizationId: string,
  memberId: string,
  teamIds: readonly string[],
): Promise<Map<string, { isIn: boolean }>> {
  const values = [organizationId, memberId, teamIds]
  const rows = await tx.query<{ id: string; isIn: boolean }>(FIND_TEAMS_AMONG, values)
  return new Map(rows.map(({ id, isIn }) => [id, { isIn }]))
}

/** Puts one member into teams, as a plain member of each, takes them out of others, and keeps the counters. */
export async function moveBetweenTeams(
  tx: Transaction,
  organizationId: string,
  memberId: string,
  { joins, leaves }: { joins: readonly string[]; leaves: readonly string[] },
): Promise<void> {
  if (leaves.length > 0) await tx.execute(LEAVE_TEAMS, [organizationId, [memberId], leaves])
  if (joins.length > 0) await tx.execute(JOIN_TEAMS, [organizationId, [memberId], joins])
}

/** At most `page.size + 1` people of each of these teams, who was added first comes first, in walking order. */
export async function listTeamMemberRows(
  tx: Transaction,
  organizationId: string,
  teamIds: readonly string[],
  role: TeamRole | null,
  page: Page,
): Promise<TeamMemberRow[]> {
  const [addedAt, id] = page.cursor ?? [null, null]
  const statement = page.direction === 'forwards' ? LIST_FORWARDS : LIST_BACKWARDS
  return tx.query<TeamMemberRow>(statement, [organizationId, teamIds, role, addedAt, id, page.size + 1])
}

/** How many people have a role in each of these teams; teams with nobody are left out. */
export async function countTeamMemberRows(
  tx: Transaction,
  organizationId: string,
  teamIds: readonly string[],
  role: TeamRole | null,
): Promise<Map<string, number>> {
  const rows = await tx.query<{ id: string; n: number }>(COUNT_TEAM_MEMBERS, [organizationId, teamIds, role])
  return new Map(rows.map((row) => [row.id, row.n]))
}

/** At most `page.size + 1` teams of each of these members by name, in walking order. */
export async function listTeamsOfMembers(
  tx: Transaction,
  organizationId: string,
  viewerId: string | null,
  memberIds: readonly string[],
  page: Page,
): Promise<(TeamRow & { ofMember: string })[]> {
  const [name, id] = page.cursor ?? [null, null]
  const statement = page.direction === 'forwards' ? TEAMS_OF_MEMBERS : TEAMS_OF_MEMBERS_BACKWARDS
  return tx.query(statement, [organizationId, viewerId, memberIds, name, id, page.size + 1])
}

/** In how many teams each of these members is. */
export async function countTeamsOfMembers(
  tx: Transaction,
  organizationId: string,
  memberIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.query<{ id: string; n: number }>(COUNT_TEAMS_OF_MEMBERS, [organizationId, memberIds])
  return new Map(rows.map((row) => [row.id, row.n]))
}

const FIND_TEAM_CANDIDATES: Statement = {
  name: 'find-team-candidates',
  text: `
SELECT m.id, m.name, m.email, tm.role
FROM members m
LEFT JOIN team_members tm ON tm.organization_id = m.organization_id AND tm.team_id = $2 AND tm.member_id = m.id
WHERE m.organization_id = $1 AND m.id = ANY ($3::uuid[]) AND m.status <> 'REMOVED'`,
}

const UPSERT_TEAM_MEMBERS: Statement = {
  name: 'upsert-team-members',
  text: `
WITH changed AS (
  UPDATE team_members SET role = $4 WHERE organization_id = $1 AND team_id = $2 AND member_id = ANY ($3::uuid[])
), added AS (
  INSERT INTO team_members (organization_id, team_id, member_id, role)
  SELECT $1, $2, asked.id, $4 FROM unnest($3::uuid[]) AS asked(id)
  ON CONFLICT DO NOTHING RETURNING 1
)
UPDATE teams SET member_count = member_count + (SELECT count(*) FROM added)
WHERE organization_id = $1 AND id = $2 AND EXISTS (SELECT FROM added)`,
}

const DELETE_TEAM_MEMBERS: Statement = {
  name: 'delete-team-members',
  text: `
WITH removed AS (
  DELETE FROM team_members WHERE organization_id = $1 AND team_id = $2 AND member_id = ANY ($3::uuid[]) RETURNING 1
)
UPDATE teams SET member_count = member_count - (SELECT count(*) FROM removed) WHERE organization_id = $1 AND id = $2`,
}

const LOCK_TEAMS: Statement = {
  name: 'lock-teams',
  text: `
SELECT t.id, t.name, own.role AS "viewerRole" FROM teams t ${joinOwn('$2')}
WHERE t.organization_id = $1 AND t.id = ANY ($3::uuid[]) ORDER BY t.id FOR NO KEY UPDATE OF t`,
}
const leaveTeams = (condition: string): string => `
WITH left_teams AS (
  DELETE FROM team_members
  WHERE organization_id = $1 AND member_id = ANY ($2::uuid[]) AND ${condition} RETURNING team_id
)
UPDATE teams t SET member_count = member_count - fewer.people
FROM (SELECT team_id, count(*) AS people FROM left_teams GROUP BY team_id) AS fewer
WHERE t.organization_id = $1 AND t.id = fewer.team_id`
const LEAVE_OTHER_TEAMS: Statement = { name: 'leave-other-teams', text: leaveTeams('team_id <> ALL ($3::uuid[])') }
const LEAVE_TEAMS: Statement = { name: 'leave-teams', text: leaveTeams('team_id = ANY ($3::uuid[])') }
const FIND_TEAMS_AMONG: Statement = {
  name: 'find-teams-of-member-among',
  text: `
SELECT t.id, EXISTS (
  SELECT FROM team_members tm WHERE tm.organization_id = $1 AND tm.team_id = t.id AND tm.member_id = $2
) AS "isIn"
FROM teams t WHERE t.organization_id = $1 AND t.id = ANY ($3::uuid[]) AND t.source <> 'DIRECTORY' ORDER BY t.id`,
}
const JOIN_TEAMS: Statement = {
  name: 'join-teams',
  text: `
WITH joined AS (
  INSERT INTO team_members (organization_id, team_id, member_id)
  SELECT $1, team.id, member.id FROM unnest($3::uuid[]) AS team(id) CROSS JOIN unnest($2::uuid[]) AS member(id)
  ON CONFLICT DO NOTHING RETURNING team_id
)
UPDATE teams t SET member_count = member_count + more.people
FROM (SELECT team_id, count(*) AS people FROM joined GROUP BY team_id) AS more
WHERE t.organization_id = $1 AND t.id = more.team_id`,
}

function membersOfTeams(comparison: '<' | '>', way: 'ASC' | 'DESC'): string {
  return `
SELECT person.* FROM unnest($2::uuid[]) AS team(id)
CROSS JOIN LATERAL (
  SELECT tm.team_id AS "teamId", tm.member_id AS "memberId", tm.role, tm.added_at AS "addedAt" FROM team_members tm
  WHERE tm.organization_id = $1 AND tm.team_id = team.id AND ($3::text IS NULL OR tm.role = $3)
    AND ($4::timestamptz IS NULL OR (tm.added_at, tm.member_id) ${comparison} ($4, $5::uuid))
  ORDER BY tm.added_at ${way}, tm.member_id ${way} LIMIT $6
) AS person`
}
const LIST_FORWARDS: Statement = { name: 'list-team-members', text: membersOfTeams('>', 'ASC') }
const LIST_BACKWARDS: Statement = { name: 'list-team-members-backwards', text: membersOfTeams('<', 'DESC') }
const COUNT_TEAM_MEMBERS: Statement = {
  name: 'count-team-members',
  text: `
SELECT tm.team_id AS id, count(*)::int AS n FROM team_members tm
WHERE tm.organization_id = $1 AND tm.team_id = ANY ($2::uuid[]) AND ($3::text IS NULL OR tm.role = $3) GROUP BY tm.team_id`,
}

function teamsOfMembers(comparison: '<' | '>', way: 'ASC' | 'DESC'): string {
  return `
SELECT member.id AS "ofMember", team.* FROM unnest($3::uuid[]) AS member(id)
CROSS JOIN LATERAL (
  SELECT ${TEAM_COLUMNS}
  FROM team_members tm JOIN teams t ON t.organization_id = tm.organization_id AND t.id = tm.team_id ${joinOwn('$2')}
  WHERE tm.organization_id = $1 AND tm.member_id = member.id
    AND ($4::text IS NULL OR (t.name, t.id) ${comparison} ($4, $5::uuid))
  ORDER BY t.name ${way}, t.id ${way} LIMIT $6
) AS team`
}
const TEAMS_OF_MEMBERS: Statement = { name: 'list-teams-of-members', text: teamsOfMembers('>', 'ASC') }
const TEAMS_OF_MEMBERS_BACKWARDS: Statement = {
  name: 'list-teams-of-members-backwards',
  text: teamsOfMembers('<', 'DESC'),
}
const COUNT_TEAMS_OF_MEMBERS: Statement = {
  name: 'count-teams-of-members',
  text: `
SELECT member_id AS id, count(*)::int AS n FROM team_members
WHERE organization_id = $1 AND member_id = ANY ($2::uuid[]) GROUP BY member_id`,
}
