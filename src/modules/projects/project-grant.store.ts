import { type Actor, actorLabel, actorUserId } from '../../access'
import { newId } from '../../kernel/ids'
import type { Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'
import type { ProjectViewer } from './project.store'

/** A role in a project given to a member. */
export interface ProjectGrantRow {
  id: string
  projectId: string
  memberId: string
  roleId: string
  roleKey: string
  grantedByName: string
  createdAt: Date
}

/** One person with access to a project, and through what. */
export interface ProjectAccessRow {
  memberId: string
  memberName: string
  memberEmail: string
  /** Creation of the member, the order of the list. */
  memberCreatedAt: Date
  via: 'ROLE' | 'GRANT' | 'DEFAULT_PROJECT'
  /** Key of the role that gives the access: an organization role for `ROLE`, a project role otherwise. */
  roleKey: string
}

/** Gives or changes a member's role in a project. @returns the grant's id */
export async function upsertGrant(
  tx: Transaction,
  organizationId: string,
  grant: { projectId: string; memberId: string; roleId: string },
  actor: Actor,
): Promise<string> {
  const { projectId, memberId, roleId } = grant
  const values = [organizationId, newId(), projectId, memberId, roleId, actorUserId(actor), actorLabel(actor)]
  const [row] = await tx.query<{ id: string }>(UPSERT_GRANT, values)
  return row!.id
}

/**
 * Holds a member against removal until the transaction ends, so that a grant never outlives its member.
 * @returns  null when there is no such member, or no longer
 */
export async function lockGrantee(
  tx: Transaction,
  organizationId: string,
  memberId: string,
): Promise<{ email: string } | null> {
  const [row] = await tx.query<{ email: string }>(LOCK_GRANTEE, [organizationId, memberId])
  return row ?? null
}

/** The grant, or null when it does not exist. */
export async function findGrant(tx: Transaction, organizationId: string, id: string): Promise<ProjectGrantRow | null> {
  const [row] = await tx.query<GrantColumns>(FIND_GRANT, [organizationId, id])
  return row ? grantRow(row) : null
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

/** Moves grants to another project; a member that has one there keeps it. */
export async function moveGrants(tx: Transaction, organizationId: string, fromId: string, toId: string): Promise<void> {
  await tx.execute(MOVE_GRANTS, [organizationId, fromId, toId])
}

/** The grants of these members in projects that the viewer can see, oldest first. */
export async function listGrantsOfMembers(
  tx: Transaction,
  organizationId: string,
  viewer: ProjectViewer,
  memberIds: readonly string[],
): Promise<ProjectGrantRow[]> {
  return (
    await tx.query<GrantColumns>(LIST_GRANTS_OF_MEMBERS, [organizationId, memberIds, viewer.seesAll, viewer.memberId])
  ).map(grantRow)
}

/** At most `page.size + 1` joined members with access to a project, in walking order. */
export async function listAccessRows(
  tx: Transaction,
  organizationId: string,
  project: { id: string; isDefault: boolean },
  page: Page,
): Promise<ProjectAccessRow[]> {
  const [createdAt, id] = page.cursor ?? [null, null]
  const statement = accessStatement(project.isDefault, page.direction)
  const rows = await tx.query<AccessColumns>(statement, [organizationId, project.id, createdAt, id, page.size + 1])
  return rows.map((row) => ({
    memberId: row.member_id,
    memberName: row.member_name,
    memberEmail: row.member_email,
    memberCreatedAt: row.member_created_at,
    via: row.via,
    roleKey: row.role_key,
  }))
}

interface GrantColumns {
  id: string
  project_id: string
  member_id: string
  role_id: string
  role_key: string
  granted_by_name: string
  created_at: Date
}

function grantRow(row: GrantColumns): ProjectGrantRow {
  return {
    id: row.id,
    projectId: row.project_id,
    memberId: row.member_id,
    roleId: row.role_id,
    roleKey: row.role_key,
    grantedByName: row.granted_by_name,
    createdAt: row.created_at,
  }
}

interface AccessColumns {
  member_id: string
  member_name: string
  member_email: string
  member_created_at: Date
  via: ProjectAccessRow['via']
  role_key: string
}

const UPSERT_GRANT: Statement = {
  name: 'upsert-project-grant',
  text: `
INSERT INTO project_grants (organization_id, id, project_id, member_id, role_id, granted_by_id, granted_by_name)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT ON CONSTRAINT project_grants_member_key
DO UPDATE SET role_id = excluded.role_id, granted_by_id = excluded.granted_by_id, granted_by_name = excluded.granted_by_name
RETURNING id`,
}

const GRANT = `
SELECT g.id, g.project_id, g.member_id, g.role_id, r.key AS role_key, g.granted_by_name, g.created_at
FROM project_grants g JOIN roles r ON r.organization_id = g.organization_id AND r.id = g.role_id
WHERE g.organization_id = $1 AND g.member_id IS NOT NULL`
const FIND_GRANT: Statement = { name: 'find-project-grant', text: `${GRANT} AND g.id = $2` }
const LIST_GRANTS_OF_MEMBERS: Statement = {
  name: 'list-project-grants-of-members',
  text: `${GRANT} AND g.member_id = ANY ($2) AND ($3 OR EXISTS (
  SELECT FROM projects p WHERE p.organization_id = g.organization_id AND p.id = g.project_id AND p.is_default
  UNION ALL
  SELECT FROM project_grants own
  WHERE own.organization_id = g.organization_id AND own.project_id = g.project_id AND own.member_id = $4))
ORDER BY g.created_at, g.id`,
}
const DELETE_GRANT: Statement = {
  name: 'delete-project-grant',
  text: 'DELETE FROM project_grants WHERE organization_id = $1 AND id = $2',
}
const DELETE_GRANTS_OF_MEMBERS: Statement = {
  name: 'delete-project-grants-of-members',
  text: 'DELETE FROM project_grants WHERE organization_id = $1 AND member_id = ANY ($2)',
}
const MOVE_GRANTS: Statement = {
  name: 'move-project-grants',
  text: `
UPDATE project_grants g SET project_id = $3
WHERE g.organization_id = $1 AND g.project_id = $2 AND NOT EXISTS (
  SELECT FROM project_grants other WHERE other.organization_id = $1 AND other.project_id = $3 AND other.member_id = g.member_id)`,
}

const LOCK_GRANTEE: Statement = {
  name: 'lock-grantee',
  text: "SELECT email FROM members WHERE organization_id = $1 AND id = $2 AND status <> 'REMOVED' FOR SHARE",
}

// One row a person, the strongest reason first: a grant says most, the organization role of an Admin comes next.
const ACCESS = `
SELECT m.id AS member_id, m.name AS member_name, m.email AS member_email, m.created_at AS member_created_at,
  CASE WHEN g.id IS NOT NULL THEN 'GRANT' WHEN o.key = 'admin' THEN 'ROLE' ELSE 'DEFAULT_PROJECT' END AS via,
  coalesce(r.key, CASE WHEN o.key = 'admin' THEN o.key ELSE 'project_member' END) AS role_key
FROM members m
JOIN roles o ON o.organization_id = m.organization_id AND o.id = m.role_id
LEFT JOIN project_grants g ON g.organization_id = m.organization_id AND g.member_id = m.id AND g.project_id = $2
LEFT JOIN roles r ON r.organization_id = g.organization_id AND r.id = g.role_id
WHERE m.organization_id = $1 AND m.status = 'JOINED'`
// Few people have access to a project that is not the default one: begin with them, not with all members.
const NOT_BY_DEFAULT = `AND m.id IN (
  SELECT member_id FROM project_grants WHERE organization_id = $1 AND project_id = $2
  UNION ALL
  SELECT a.id FROM members a JOIN roles ar ON ar.organization_id = a.organization_id AND ar.id = a.role_id
  WHERE a.organization_id = $1 AND a.status <> 'REMOVED' AND ar.scope = 'ORGANIZATION' AND ar.key = 'admin')`
const WALK = {
  forwards:
    'AND ($3::timestamptz IS NULL OR (m.created_at, m.id) > ($3, $4::uuid)) ORDER BY m.created_at, m.id LIMIT $5',
  backwards:
    'AND ($3::timestamptz IS NULL OR (m.created_at, m.id) < ($3, $4::uuid)) ORDER BY m.created_at DESC, m.id DESC LIMIT $5',
}

function accessStatement(isDefault: boolean, direction: Page['direction']): Statement {
  return {
    name: `list-${isDefault ? 'default-' : ''}project-access-${direction}`,
    text: `${ACCESS} ${isDefault ? '' : NOT_BY_DEFAULT} ${WALK[direction]}`,
  }
}
