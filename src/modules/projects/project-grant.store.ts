import { type Actor, actorLabel, actorUserId } from '../../access'
import { newId } from '../../kernel/ids'
import type { Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'
import { isLive } from './live-grants'
import type { Principal } from './principal.model'
import { type ProjectViewer, VISIBLE_PROJECT_IDS, viewerValues } from './project.store'

/** A role in a project given to a member or a team; it has not ended. */
export interface ProjectGrantRow {
  id: string
  projectId: string
  /** One of these two is null. */
  memberId: string | null
  teamId: string | null
  roleId: string
  roleKey: string
  grantedByName: string
  createdAt: Date
  /** Null when it does not end by itself. */
  expiresAt: Date | null
}

/** A member or team that something can be granted to, with what it has in the project now. */
export interface Grantee extends Principal {
  /** Name, or address of whoever has none yet. */
  label: string
  /** Null without a live grant of its own. */
  grant: ProjectGrantRow | null
  /** Whether a rule of a directory at work gives it. */
  isOfRule: boolean
}

/** One grant, as a decision about it needs it. */
export interface FoundGrant extends ProjectGrantRow {
  /** Whom it is for. */
  label: string
  /** Whether a rule of a directory at work gives it. */
  isOfRule: boolean
}

/** What is granted to each of several principals. */
export type GrantTerms = Pick<ProjectGrantRow, 'projectId' | 'roleId' | 'roleKey' | 'expiresAt'>

/**
 * Those of these members and teams that exist, by id; removed members do not. The transaction holds the organization row
 * for update, so that nobody removes them meanwhile.
 */
export async function findGrantees(
  tx: Transaction,
  organizationId: string,
  projectId: string,
  principals: readonly Principal[],
): Promise<Map<string, Grantee>> {
  const values = [organizationId, projectId, ...idsByKind(principals)]
  const rows = await tx.query<GranteeRow>(FIND_GRANTEES, values)
  return new Map(
    rows.map(({ kind, principalId, label, isOfRule, ...grant }) => [
      principalId,
      { kind, id: principalId, label, isOfRule, grant: grant.id === null ? null : (grant as ProjectGrantRow) },
    ]),
  )
}

/** Gives or changes the role of principals in a project. A grant that had ended begins anew. @returns  the grants by principal */
export async function upsertGrants(
  tx: Transaction,
  organizationId: string,
  principals: readonly Principal[],
  { projectId, roleId, roleKey, expiresAt }: GrantTerms,
  actor: Actor,
): Promise<Map<string, ProjectGrantRow>> {
  const asked = principals.map(({ kind, id }) => ({
    id: newId(),
    member_id: kind === 'MEMBER' ? id : null,
    team_id: kind === 'TEAM' ? id : null,
  }))
  const by = [actorUserId(actor), actorLabel(actor)]
  const values = [organizationId, projectId, JSON.stringify(asked), roleId, expiresAt, ...by]
  const rows = await tx.query<Omit<ProjectGrantRow, 'roleKey'>>(UPSERT_GRANTS, values)
  return new Map(rows.map((row) => [(row.memberId ?? row.teamId)!, { ...row, roleKey }]))
}

/** The live grant with the name of whom it is for, or null. */
export async function findGrant(tx: Transaction, organizationId: string, id: string): Promise<FoundGrant | null> {
  const [row] = await tx.query<FoundGrant>(FIND_GRANT, [organizationId, id])
  return row ?? null
}

export async function deleteGrant(tx: Transaction, organizationId: string, id: string): Promise<void> {
  await tx.execute(DELETE_GRANT, [organizationId, id])
}

/** Ends every grant of these members: removed people are out of all projects. @returns how many grants ended */
export async function deleteGrantsOfMembers(
  tx: Transaction,
  organizationId: string,
  memberIds: readonly string[],
): Promise<number> {
  return tx.execute(DELETE_GRANTS_OF_MEMBERS, [organizationId, memberIds])
}

/** Moves live grants to another project; a member or team that has one there keeps it. */
export async function moveGrants(tx: Transaction, organizationId: string, fromId: string, toId: string): Promise<void> {
  await tx.execute(DELETE_ENDED_GRANTS, [organizationId, toId])
  await tx.execute(MOVE_GRANTS, [organizationId, fromId, toId])
}

/** The ids of the roles that live grants give in a project. */
export async function findGrantedRoleIds(
  tx: Transaction,
  organizationId: string,
  projectId: string,
): Promise<string[]> {
  const rows = await tx.query<{ role_id: string }>(FIND_GRANTED_ROLE_IDS, [organizationId, projectId])
  return rows.map(({ role_id }) => role_id)
}

/** The live grants to these members or teams in projects that the viewer can see, oldest first. */
export async function listGrantsOf(
  tx: Transaction,
  organizationId: string,
  viewer: ProjectViewer,
  kind: Principal['kind'],
  ids: readonly string[],
): Promise<ProjectGrantRow[]> {
  const statement = kind === 'MEMBER' ? LIST_GRANTS_OF_MEMBERS : LIST_GRANTS_OF_TEAMS
  return tx.query<ProjectGrantRow>(statement, [organizationId, ...viewerValues(viewer), ids])
}

/** At most `page.size + 1` live grants in a project, oldest first, in walking order. */
export async function listGrantsIn(
  tx: Transaction,
  organizationId: string,
  projectId: string,
  page: Page,
): Promise<ProjectGrantRow[]> {
  const [createdAt, id] = page.cursor ?? [null, null]
  const statement = page.direction === 'forwards' ? LIST_GRANTS_IN : LIST_GRANTS_IN_BACKWARDS
  return tx.query<ProjectGrantRow>(statement, [organizationId, projectId, createdAt, id, page.size + 1])
}

interface GranteeRow extends Omit<ProjectGrantRow, 'id'> {
  kind: Principal['kind']
  principalId: string
  label: string
  isOfRule: boolean
  /** Null, with everything else of the grant, when there is none. */
  id: string | null
}

function idsByKind(principals: readonly Principal[]): [string[], string[]] {
  const of = (wanted: Principal['kind']) => principals.filter(({ kind }) => kind === wanted).map(({ id }) => id)
  return [of('MEMBER'), of('TEAM')]
}

const COLUMNS_OF_GRANT = `
g.id, g.project_id AS "projectId", g.member_id AS "memberId", g.team_id AS "teamId", g.role_id AS "roleId",
g.granted_by_name AS "grantedByName", g.created_at AS "createdAt", g.expires_at AS "expiresAt"`
const COLUMNS = `${COLUMNS_OF_GRANT}, r.key AS "roleKey"`
const GRANTS = `
FROM project_grants g JOIN roles r ON r.organization_id = g.organization_id AND r.id = g.role_id
WHERE g.organization_id = $1 AND ${isLive('g')}`

// The rule of a grant has its id.
const IS_OF_RULE = `EXISTS (
  SELECT FROM directory_group_rules gr
  JOIN directories d ON d.organization_id = gr.organization_id AND d.id = gr.directory_id AND d.organization_mode IS NOT NULL
  WHERE gr.organization_id = $1 AND gr.id = g.id)`

const FIND_GRANTEES: Statement = {
  name: 'find-grantees',
  text: `
SELECT found.kind, found.id AS "principalId", found.label, ${IS_OF_RULE} AS "isOfRule", ${COLUMNS}
FROM (
  SELECT 'MEMBER' AS kind, m.id, coalesce(nullif(m.name, ''), m.email) AS label FROM members m
  WHERE m.organization_id = $1 AND m.id = ANY ($3::uuid[]) AND m.status <> 'REMOVED'
  UNION ALL
  SELECT 'TEAM', t.id, t.name FROM teams t WHERE t.organization_id = $1 AND t.id = ANY ($4::uuid[])
) AS found
LEFT JOIN project_grants g ON g.organization_id = $1 AND g.project_id = $2 AND ${isLive('g')}
  AND CASE found.kind WHEN 'MEMBER' THEN g.member_id ELSE g.team_id END = found.id
LEFT JOIN roles r ON r.organization_id = $1 AND r.id = g.role_id`,
}

const UPSERT_GRANTS: Statement = {
  name: 'upsert-project-grants',
  text: `
WITH asked AS (
  SELECT * FROM jsonb_to_recordset($3::jsonb) AS a(id uuid, member_id uuid, team_id uuid)
), changed AS (
  UPDATE project_grants g
  SET role_id = $4, expires_at = $5, granted_by_id = $6, granted_by_name = $7,
      created_at = CASE WHEN ${isLive('g')} THEN g.created_at ELSE now() END
  FROM asked a
  WHERE g.organization_id = $1 AND g.project_id = $2 AND (g.member_id = a.member_id OR g.team_id = a.team_id)
  RETURNING g.*
), added AS (
  INSERT INTO project_grants (organization_id, id, project_id, member_id, team_id, role_id, expires_at, granted_by_id, granted_by_name)
  SELECT $1, a.id, $2, a.member_id, a.team_id, $4, $5, $6, $7 FROM asked a
  WHERE NOT EXISTS (SELECT FROM changed c WHERE c.member_id = a.member_id OR c.team_id = a.team_id)
  RETURNING *
)
SELECT ${COLUMNS_OF_GRANT} FROM (SELECT * FROM changed UNION ALL SELECT * FROM added) AS g`,
}

const FIND_GRANT: Statement = {
  name: 'find-project-grant',
  text: `
SELECT ${COLUMNS}, coalesce(nullif(m.name, ''), m.email, t.name) AS label, ${IS_OF_RULE} AS "isOfRule"
FROM project_grants g
JOIN roles r ON r.organization_id = g.organization_id AND r.id = g.role_id
LEFT JOIN members m ON m.organization_id = g.organization_id AND m.id = g.member_id
LEFT JOIN teams t ON t.organization_id = g.organization_id AND t.id = g.team_id
WHERE g.organization_id = $1 AND g.id = $2 AND ${isLive('g')}`,
}
const LIST_GRANTS_OF_MEMBERS: Statement = {
  name: 'list-project-grants-of-members',
  text: `SELECT ${COLUMNS} ${GRANTS} AND g.member_id = ANY ($5::uuid[]) AND g.project_id IN (${VISIBLE_PROJECT_IDS})
ORDER BY g.created_at, g.id`,
}
const LIST_GRANTS_OF_TEAMS: Statement = {
  name: 'list-project-grants-of-teams',
  text: `SELECT ${COLUMNS} ${GRANTS} AND g.team_id = ANY ($5::uuid[]) AND g.project_id IN (${VISIBLE_PROJECT_IDS})
ORDER BY g.created_at, g.id`,
}
const LIST_GRANTS_IN: Statement = {
  name: 'list-grants-in-project',
  text: `SELECT ${COLUMNS} ${GRANTS} AND g.project_id = $2
  AND ($3::timestamptz IS NULL OR (g.created_at, g.id) > ($3, $4::uuid)) ORDER BY g.created_at, g.id LIMIT $5`,
}
const LIST_GRANTS_IN_BACKWARDS: Statement = {
  name: 'list-grants-in-project-backwards',
  text: `SELECT ${COLUMNS} ${GRANTS} AND g.project_id = $2
  AND ($3::timestamptz IS NULL OR (g.created_at, g.id) < ($3, $4::uuid)) ORDER BY g.created_at DESC, g.id DESC LIMIT $5`,
}

const DELETE_GRANT: Statement = {
  name: 'delete-project-grant',
  text: 'DELETE FROM project_grants WHERE organization_id = $1 AND id = $2',
}
const DELETE_GRANTS_OF_MEMBERS: Statement = {
  name: 'delete-project-grants-of-members',
  text: 'DELETE FROM project_grants WHERE organization_id = $1 AND member_id = ANY ($2)',
}
const DELETE_ENDED_GRANTS: Statement = {
  name: 'delete-ended-project-grants',
  text: `DELETE FROM project_grants g WHERE g.organization_id = $1 AND g.project_id = $2 AND NOT ${isLive('g')}`,
}
const MOVE_GRANTS: Statement = {
  name: 'move-project-grants',
  text: `
UPDATE project_grants g SET project_id = $3
WHERE g.organization_id = $1 AND g.project_id = $2 AND ${isLive('g')} AND NOT EXISTS (
  SELECT FROM project_grants other
  WHERE other.organization_id = $1 AND other.project_id = $3
    AND (other.member_id = g.member_id OR other.team_id = g.team_id))`,
}
const FIND_GRANTED_ROLE_IDS: Statement = {
  name: 'find-granted-role-ids',
  text: `SELECT DISTINCT g.role_id FROM project_grants g
WHERE g.organization_id = $1 AND g.project_id = $2 AND ${isLive('g')}`,
}
