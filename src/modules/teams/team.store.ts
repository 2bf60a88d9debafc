import { AppError } from '../../kernel/errors'
import type { Page } from '../../kernel/page'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import { isLive } from '../projects'
import type { CheckedTeamDraft, TeamRole, TeamSource } from './team.model'

/** A team as one member sees it. */
export interface TeamRow {
  id: string
  slug: string
  name: string
  description: string | null
  source: TeamSource
  parentId: string | null
  /** From the topmost team down to this one. */
  path: string[]
  /** People in this very team, invited and suspended ones too. */
  memberCount: number
  version: number
  createdAt: Date
  /** What the looking member is in this very team; null when not in it. */
  viewerRole: TeamRole | null
}

/** Which teams a list shows; null where nothing is said. */
export interface TeamFilter {
  /** Part of the name, any length: an organization has few teams. */
  search: string | null
  /** UUID of a project in which the team has a grant of its own. */
  projectId: string | null
  /** UUID of the team directly above. */
  parentId: string | null
  source: readonly TeamSource[] | null
}

const COUNT_CAP = 10_000

/** The team, or null when the organization has no such team. @param viewerId  the looking member */
export async function findTeam(
  tx: Transaction,
  organizationId: string,
  viewerId: string | null,
  id: string,
): Promise<TeamRow | null> {
  return (await findTeams(tx, organizationId, viewerId, [id])).get(id) ?? null
}

/** Teams by id; ids that name none are left out. */
export async function findTeams(
  tx: Transaction,
  organizationId: string,
  viewerId: string | null,
  ids: readonly string[],
): Promise<Map<string, TeamRow>> {
  const rows = await tx.query<TeamRow>(FIND_TEAMS, [organizationId, viewerId, ids])
  return new Map(rows.map((row) => [row.id, row]))
}

/** At most `page.size + 1` teams directly below each of these teams by name, in walking order. */
export async function listChildTeams(
  tx: Transaction,
  organizationId: string,
  viewerId: string | null,
  parentIds: readonly string[],
  page: Page,
): Promise<TeamRow[]> {
  const [name, id] = page.cursor ?? [null, null]
  const statement = page.direction === 'forwards' ? LIST_CHILDREN : LIST_CHILDREN_BACKWARDS
  return tx.query<TeamRow>(statement, [organizationId, viewerId, parentIds, name, id, page.size + 1])
}

/** How many teams stand directly below each of these; those without any are left out. */
export async function countChildTeams(
  tx: Transaction,
  organizationId: string,
  parentIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.query<{ id: string; n: number }>(COUNT_CHILDREN, [organizationId, parentIds])
  return new Map(rows.map((row) => [row.id, row.n]))
}

/** At most `page.size + 1` teams by name, in walking order. */
export async function listTeamRows(
  tx: Transaction,
  organizationId: string,
  viewerId: string | null,
  filter: TeamFilter,
  page: Page,
): Promise<TeamRow[]> {
  const [name, id] = page.cursor ?? [null, null]
  const values = [organizationId, viewerId, ...filterValues(filter), name, id, page.size + 1]
  return tx.query<TeamRow>(page.direction === 'forwards' ? LIST_FORWARDS : LIST_BACKWARDS, values)
}

/** How many teams match, at most 10,001. */
export async function countTeamRows(tx: Transaction, organizationId: string, filter: TeamFilter): Promise<number> {
  const [row] = await tx.query<{ n: number }>(COUNT_TEAMS, [
    organizationId,
    null,
    ...filterValues(filter),
    COUNT_CAP + 1,
  ])
  return row!.n
}

/**
 * Writes a team below its parent.
 * @throws NOT_UNIQUE, INVALID  see `refuse`
 */
export async function insertTeamRow(
  tx: Transaction,
  organizationId: string,
  id: string,
  draft: CheckedTeamDraft,
): Promise<void> {
  const { slug, name, description, parentId } = draft
  await tx.execute(INSERT_TEAM, [organizationId, id, slug, name, description, parentId]).catch(refuse)
}

/**
 * Changes a team if nobody else has changed it since. Its place is `moveTeamRow`'s.
 * @returns  false when its version is another than `version`
 * @throws NOT_UNIQUE  when the organization has another team with this slug
 */
export async function updateTeamRow(
  tx: Transaction,
  organizationId: string,
  team: { id: string; version: number },
  { slug, name, description }: CheckedTeamDraft,
): Promise<boolean> {
  const values = [organizationId, team.id, team.version, slug, name, description]
  return (await tx.execute(UPDATE_TEAM, values).catch(refuse)) === 1
}

/**
 * Puts a team below another one, or on top, together with everything below it.
 * @throws INVALID  it would stand below itself, or teams would nest too deep
 */
export async function moveTeamRow(
  tx: Transaction,
  organizationId: string,
  id: string,
  parentId: string | null,
): Promise<void> {
  await tx.execute(MOVE_TEAM, [organizationId, id, parentId]).catch(refuse)
}

/** Deletes a team with its memberships and grants; the teams below it move up to its parent. */
export async function deleteTeamRow(tx: Transaction, organizationId: string, id: string): Promise<void> {
  await tx.execute(DELETE_TEAM, [organizationId, id])
}

/**
 * Says what a violated constraint means.
 * @throws NOT_UNIQUE  the slug is taken
 * @throws INVALID  too deep, or below itself
 */
function refuse(error: unknown): never {
  const constraint = violatedConstraint(error)
  if (constraint === 'teams_slug_key')
    throw new AppError('NOT_UNIQUE', 'The organization has another team with this slug; choose another.', {
      path: ['input', 'slug'],
    })
  if (constraint === 'teams_depth_check')
    throw new AppError('INVALID', 'Teams nest at most five deep; choose a place further up.', {
      path: ['input', 'parentId'],
    })
  if (constraint === 'teams_path_check')
    throw new AppError('INVALID', 'A team cannot stand below itself; choose another place.', {
      path: ['input', 'parentId'],
    })
  throw error
}

function filterValues({ search, projectId, parentId, source }: TeamFilter): unknown[] {
  return [search && `%${search.replace(/[\\%_]/g, '\\$&')}%`, projectId, parentId, source]
}

/** Columns of a `TeamRow` from `teams t` and the looking member's own row `own`. */
export const TEAM_COLUMNS = `
t.id, t.slug, t.name, t.description, t.source, t.parent_id AS "parentId", t.path, t.member_count AS "memberCount",
t.version, t.created_at AS "createdAt", own.role AS "viewerRole"`

/** Joins the looking member's own row to `teams t`. @param viewer  the parameter with the member's id, may be NULL */
export function joinOwn(viewer: string): string {
  return `LEFT JOIN team_members own
  ON own.organization_id = t.organization_id AND own.team_id = t.id AND own.member_id = ${viewer}::uuid`
}

const TEAMS = `FROM teams t ${joinOwn('$2')} WHERE t.organization_id = $1`
const FIND_TEAMS: Statement = {
  name: 'find-teams',
  text: `SELECT ${TEAM_COLUMNS} ${TEAMS} AND t.id = ANY ($3::uuid[])`,
}

function childTeams(comparison: '<' | '>', way: 'ASC' | 'DESC'): string {
  return `
SELECT child.* FROM unnest($3::uuid[]) AS parent(id)
CROSS JOIN LATERAL (
  SELECT ${TEAM_COLUMNS} ${TEAMS} AND t.parent_id = parent.id
    AND ($4::text IS NULL OR (t.name, t.id) ${comparison} ($4, $5::uuid))
  ORDER BY t.name ${way}, t.id ${way} LIMIT $6
) AS child`
}
const LIST_CHILDREN: Statement = { name: 'list-child-teams', text: childTeams('>', 'ASC') }
const LIST_CHILDREN_BACKWARDS: Statement = { name: 'list-child-teams-backwards', text: childTeams('<', 'DESC') }
const COUNT_CHILDREN: Statement = {
  name: 'count-child-teams',
  text: `
SELECT parent_id AS id, count(*)::int AS n FROM teams
WHERE organization_id = $1 AND parent_id = ANY ($2::uuid[]) GROUP BY parent_id`,
}

const MATCHING = `
  AND ($3::text IS NULL OR t.name ILIKE $3)
  AND ($4::uuid IS NULL OR EXISTS (
    SELECT FROM project_grants g
    WHERE g.organization_id = $1 AND g.project_id = $4 AND g.team_id = t.id AND ${isLive('g')}))
  AND ($5::uuid IS NULL OR t.parent_id = $5)
  AND ($6::text[] IS NULL OR t.source = ANY ($6))`
const LIST_FORWARDS: Statement = {
  name: 'list-teams-forwards',
  text: `SELECT ${TEAM_COLUMNS} ${TEAMS} ${MATCHING} AND ($7::text IS NULL OR (t.name, t.id) > ($7, $8::uuid))
ORDER BY t.name, t.id LIMIT $9`,
}
const LIST_BACKWARDS: Statement = {
  name: 'list-teams-backwards',
  text: `SELECT ${TEAM_COLUMNS} ${TEAMS} ${MATCHING} AND ($7::text IS NULL OR (t.name, t.id) < ($7, $8::uuid))
ORDER BY t.name DESC, t.id DESC LIMIT $9`,
}
const COUNT_TEAMS: Statement = {
  name: 'count-teams',
  text: `SELECT count(*)::int AS n FROM (SELECT ${TEAMS} ${MATCHING} LIMIT $7) AS counted`,
}

const INSERT_TEAM: Statement = {
  name: 'insert-team',
  text: `
INSERT INTO teams (organization_id, id, slug, name, description, parent_id, path)
SELECT $1, $2, $3, $4, $5, $6::uuid,
  coalesce((SELECT path FROM teams WHERE organization_id = $1 AND id = $6), '{}') || $2::uuid`,
}
const UPDATE_TEAM: Statement = {
  name: 'update-team',
  text: `
UPDATE teams SET slug = $4, name = $5, description = $6, version = version + 1, updated_at = now()
WHERE organization_id = $1 AND id = $2 AND version = $3`,
}

// Whatever stood above the moved team in the paths of its subtree is replaced by the path of its new parent.
const MOVE_TEAM: Statement = {
  name: 'move-team',
  text: `
UPDATE teams t
SET path = coalesce((SELECT path FROM teams WHERE organization_id = $1 AND id = $3), '{}') || t.path[moved.depth:],
    parent_id = CASE WHEN t.id = moved.id THEN $3::uuid ELSE t.parent_id END, updated_at = now()
FROM (SELECT id, cardinality(path) AS depth FROM teams WHERE organization_id = $1 AND id = $2) AS moved
WHERE t.organization_id = $1 AND t.path[moved.depth] = moved.id`,
}
const DELETE_TEAM: Statement = {
  name: 'delete-team',
  text: `
WITH gone AS (
  SELECT id, parent_id, cardinality(path) AS depth FROM teams WHERE organization_id = $1 AND id = $2
), lifted AS (
  UPDATE teams t
  SET path = t.path[:gone.depth - 1] || t.path[gone.depth + 1:],
      parent_id = CASE WHEN t.parent_id = gone.id THEN gone.parent_id ELSE t.parent_id END,
      version = t.version + CASE WHEN t.parent_id = gone.id THEN 1 ELSE 0 END, updated_at = now()
  FROM gone WHERE t.organization_id = $1 AND t.path[gone.depth] = gone.id AND t.id <> gone.id
)
DELETE FROM teams WHERE organization_id = $1 AND id = $2`,
}
