import type { RoleScope } from '../../access'
import type { Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'
import { reasonsOf, seesAllProjects } from './access-reasons'
import { isLive, liveGrantsOf } from './live-grants'
import { type ProjectViewer, VISIBLE_PROJECT_IDS, viewerValues } from './project.store'

/** How somebody came to be in a project. */
export type AccessVia = 'ROLE' | 'GRANT' | 'TEAM_GRANT' | 'DEFAULT_PROJECT'

/** One reason why somebody is in a project. */
export interface AccessReasonRow {
  via: AccessVia
  /** Of the organization for `ROLE`, of the project otherwise. */
  roleScope: RoleScope
  roleKey: string
  /** For `TEAM_GRANT`: the team it was given to, which may stand above that of the person. */
  teamId: string | null
  grantId: string | null
  /** Null when it does not end by itself. */
  expiresAt: Date | null
}

/** One person in one project, and through what. */
export interface ProjectAccessRow {
  memberId: string
  projectId: string
  /** Of the member or of the project, whichever the list walks over: its order. */
  createdAt: Date
  /** At least one; the strongest comes first. */
  reasons: readonly [AccessReasonRow, ...AccessReasonRow[]]
}

const FEW_MATCHES = 1_000

/** At most `page.size + 1` joined members who are in a project, in walking order. */
export async function listProjectAccessRows(
  tx: Transaction,
  organizationId: string,
  project: { id: string; isDefault: boolean },
  /** Part of name or address; null for all. */
  term: string | null,
  page: Page,
): Promise<ProjectAccessRow[]> {
  const [createdAt, id] = page.cursor ?? [null, null]
  const matches = await findMatches(tx, term)
  const values = [organizationId, project.id, createdAt, id, page.size + 1, term, matches]
  const reach = project.isDefault ? 'default' : await chooseTeamWay(tx, organizationId, project.id)
  return (await tx.query<AccessColumns>(projectStatement(reach, page.direction), values)).map(accessRow)
}

/** How many joined members are in a project, counted up to `cap`; null counts all. */
export async function countProjectAccessRows(
  tx: Transaction,
  organizationId: string,
  project: { id: string; isDefault: boolean },
  /** Part of name or address; null for all. */
  term: string | null,
  cap: number | null,
): Promise<number> {
  const values = [organizationId, project.id, term, await findMatches(tx, term), cap]
  const [row] = await tx.query<{ n: number }>(project.isDefault ? COUNT_JOINED : COUNT_INSIDERS, values)
  return row!.n
}

/** At most `page.size + 1` projects that each of these members is in and that the viewer can see, in walking order. */
export async function listMemberAccessRows(
  tx: Transaction,
  organizationId: string,
  viewer: ProjectViewer,
  memberIds: readonly string[],
  page: Page,
): Promise<ProjectAccessRow[]> {
  const [createdAt, id] = page.cursor ?? [null, null]
  const values = [organizationId, ...viewerValues(viewer), memberIds, createdAt, id, page.size + 1]
  const statement = page.direction === 'forwards' ? MEMBERS_FORWARDS : MEMBERS_BACKWARDS
  return (await tx.query<AccessColumns>(statement, values)).map(accessRow)
}

/** How many projects `listMemberAccessRows` walks over for each of these members; who is in none is left out. */
export async function countMemberAccessRows(
  tx: Transaction,
  organizationId: string,
  viewer: ProjectViewer,
  memberIds: readonly string[],
): Promise<Map<string, number>> {
  const values = [organizationId, ...viewerValues(viewer), memberIds]
  const rows = await tx.query<{ id: string; n: number }>(COUNT_OF_MEMBERS, values)
  return new Map(rows.map((row) => [row.id, row.n]))
}

/** The members a term matches, when they are few; null leaves the term to the walk. */
async function findMatches(tx: Transaction, term: string | null): Promise<string[] | null> {
  if (term === null) return null
  const [row] = await tx.query<{ ids: string[] | null }>(SEARCH, [term, FEW_MATCHES + 1])
  return row!.ids && row!.ids.length <= FEW_MATCHES ? row!.ids : null
}

interface AccessColumns {
  member_id: string
  project_id: string
  created_at: Date
  reasons: (Omit<AccessReasonRow, 'expiresAt'> & { expiresAt: string | null })[]
}

function accessRow({ member_id, project_id, created_at, reasons }: AccessColumns): ProjectAccessRow {
  const [first, ...others] = reasons.map((reason) => ({
    ...reason,
    expiresAt: reason.expiresAt === null ? null : new Date(reason.expiresAt),
  }))
  return { memberId: member_id, projectId: project_id, createdAt: created_at, reasons: [first!, ...others] }
}

const SEARCH: Statement = { name: 'search-members-with-access', text: 'SELECT search_members($1, false, $2) AS ids' }

function matching(term: string, matches: string): string {
  return `
  AND CASE WHEN ${term}::text IS NULL THEN true WHEN ${matches}::uuid[] IS NOT NULL THEN m.id = ANY (${matches})
      ELSE strpos(lower(m.name || ' ' || m.email), lower(${term})) > 0 END`
}

const JOINED = `m.organization_id = $1 AND m.status = 'JOINED'`

const ROLES_SEEING_ALL = `
FROM roles o WHERE o.organization_id = $1 AND o.scope = 'ORGANIZATION' AND ${seesAllProjects('o')}`
const BY_GRANT = `m.id IN (
  SELECT g.member_id FROM project_grants g
  WHERE g.organization_id = $1 AND g.project_id = $2 AND g.member_id IS NOT NULL AND ${isLive('g')})`
const GRANTED_TEAMS = `ARRAY(
  SELECT g.team_id FROM project_grants g
  WHERE g.organization_id = $1 AND g.project_id = $2 AND g.team_id IS NOT NULL AND ${isLive('g')})`
const IN_GRANTED_TEAM = `
FROM team_members tm JOIN teams t ON t.organization_id = tm.organization_id AND t.id = tm.team_id
WHERE tm.organization_id = $1 AND t.path && ${GRANTED_TEAMS}`

/**
 * How the people of granted teams are found: gathered from the teams and sorted, or, when they are so many that they
 * stand everywhere in the list, met while walking it. OFFSET 0 keeps the latter from being turned into the former.
 */
type TeamWay = 'gather' | 'walk'
const BY_TEAM: Record<TeamWay, string> = {
  gather: `m.id IN (SELECT tm.member_id ${IN_GRANTED_TEAM})`,
  walk: `EXISTS (SELECT ${IN_GRANTED_TEAM} AND tm.member_id = m.id OFFSET 0)`,
}
const MEMBERS_PER_MET_ONE = 20

async function chooseTeamWay(tx: Transaction, organizationId: string, projectId: string): Promise<TeamWay> {
  const [row] = await tx.query<{ people: number; joined: number }>(COUNT_IN_TEAMS, [organizationId, projectId])
  return row!.people * MEMBERS_PER_MET_ONE > row!.joined ? 'walk' : 'gather'
}

function projectStatement(reach: 'default' | TeamWay, direction: Page['direction']): Statement {
  const [comparison, way] = direction === 'forwards' ? ['>', 'ASC'] : ['<', 'DESC']
  const order = `ORDER BY created_at ${way}, id ${way} LIMIT $5`
  const walk = (where: string) => `
  SELECT m.id, m.created_at, m.role_id FROM members m WHERE ${JOINED} ${where} ${matching('$6', '$7')}
    AND ($3::timestamptz IS NULL OR (m.created_at, m.id) ${comparison} ($3, $4::uuid))
  ${order}`
  // No way in needs to name more people than the page holds.
  const byRole = `SELECT holder.* FROM (SELECT o.id ${ROLES_SEEING_ALL}) AS held CROSS JOIN LATERAL (${walk('AND m.role_id = held.id')}) AS holder`
  const page =
    reach === 'default'
      ? walk('')
      : `${byRole} UNION (${walk(`AND ${BY_GRANT}`)}) UNION (${walk(`AND ${BY_TEAM[reach]}`)})`
  const grants = `SELECT * FROM (${liveGrantsOf('m.id')}) AS live WHERE live.project_id = $2`
  return {
    name: `list-project-access-${reach}-${direction}`,
    text: `
WITH page AS (SELECT * FROM (${page}) AS ways_in ${order})
SELECT m.id AS member_id, $2::uuid AS project_id, m.created_at, why.reasons
FROM page m CROSS JOIN LATERAL (${reasonsOf(grants, String(reach === 'default'))}) AS why(reasons)
ORDER BY m.created_at ${way}, m.id ${way}`,
  }
}

const COUNT_IN_TEAMS: Statement = {
  name: 'count-people-in-granted-teams',
  text: `
SELECT c.joined + (SELECT coalesce(sum(l.joined), 0)::int FROM organization_counter_lanes l WHERE l.organization_id = $1) AS joined,
  (SELECT coalesce(sum(t.member_count), 0)::int FROM teams t
   WHERE t.organization_id = $1 AND t.path && ${GRANTED_TEAMS}) AS people
FROM organization_counters c WHERE c.organization_id = $1`,
}
const COUNT_JOINED: Statement = {
  name: 'count-default-project-access',
  text: `SELECT count(*)::int AS n FROM (
  SELECT FROM members m WHERE ${JOINED} AND $2::uuid IS NOT NULL ${matching('$3', '$4')} LIMIT $5) AS counted`,
}
const COUNT_INSIDERS: Statement = {
  name: 'count-project-access',
  text: `SELECT count(*)::int AS n FROM (SELECT id FROM (${[
    `m.role_id = ANY (ARRAY(SELECT o.id ${ROLES_SEEING_ALL}))`,
    BY_GRANT,
    BY_TEAM.gather,
  ]
    .map((where) => `SELECT m.id FROM members m WHERE ${JOINED} AND ${where} ${matching('$3', '$4')}`)
    .join('\nUNION\n')}) AS insiders LIMIT $5) AS counted`,
}

// The projects p that the member m is in and that the viewer can see; expects m's role as `held`.
const THEIR_PROJECTS = `
FROM projects p
WHERE p.organization_id = $1 AND p.id IN (${VISIBLE_PROJECT_IDS})
  AND (p.is_default OR ${seesAllProjects('held')} OR p.id IN (SELECT project_id FROM (${liveGrantsOf('m.id')}) AS theirs))`
const THE_MEMBERS = `
FROM members m JOIN roles held ON held.organization_id = m.organization_id AND held.id = m.role_id`
const ARE_JOINED = `${JOINED} AND m.id = ANY ($5::uuid[])`

function membersStatement(comparison: '<' | '>', way: 'ASC' | 'DESC'): string {
  return `
SELECT m.id AS member_id, p.id AS project_id, p.created_at, why.reasons
${THE_MEMBERS}
CROSS JOIN LATERAL (
  SELECT p.id, p.created_at, p.is_default ${THEIR_PROJECTS}
    AND ($6::timestamptz IS NULL OR (p.created_at, p.id) ${comparison} ($6, $7::uuid))
  ORDER BY p.created_at ${way}, p.id ${way} LIMIT $8
) AS p
CROSS JOIN LATERAL (${reasonsOf(`SELECT * FROM (${liveGrantsOf('m.id')}) AS live WHERE live.project_id = p.id`, 'p.is_default')}) AS why(reasons)
WHERE ${ARE_JOINED}
ORDER BY p.created_at ${way}, p.id ${way}`
}
const MEMBERS_FORWARDS: Statement = { name: 'list-access-of-members', text: membersStatement('>', 'ASC') }
const MEMBERS_BACKWARDS: Statement = { name: 'list-access-of-members-backwards', text: membersStatement('<', 'DESC') }
const COUNT_OF_MEMBERS: Statement = {
  name: 'count-access-of-members',
  text: `
SELECT m.id, p.n ${THE_MEMBERS} CROSS JOIN LATERAL (SELECT count(*)::int AS n ${THEIR_PROJECTS}) AS p
WHERE ${ARE_JOINED}`,
}
