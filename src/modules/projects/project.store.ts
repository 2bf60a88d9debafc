import { type Actor, actorLabel, actorUserId, permissionsOfRole } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import type { Page } from '../../kernel/page'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import { listedPermissions } from '../roles'
import { liveGrantsOf } from './live-grants'
import { ProjectEntity } from './project.entity'
import type { CheckedProjectDraft } from './project.model'

/** A project as one member sees it. */
export interface ProjectRow {
  id: string
  slug: string
  name: string
  description: string | null
  isDefault: boolean
  status: 'ACTIVE' | 'ARCHIVED'
  createdByName: string
  version: number
  createdAt: Date
  /** What live grants to the looking member and to the member's teams allow in this project. */
  grantedPermissions: ReadonlySet<string>
}

/** Who looks: a member sees the default project and those with a grant, everybody else who may look sees all. */
export interface ProjectViewer {
  memberId: string | null
  seesAll: boolean
  /** The one project that is visible at all; null without that limit. */
  onlyProjectId: string | null
}

/** Makes the project that every member of a new organization is in. */
export async function insertDefaultProject(tx: Transaction, organizationId: string, actor: Actor): Promise<void> {
  await insertProject(tx, organizationId, { name: 'Default project', slug: 'default', description: null }, actor, true)
}

/** @returns the project's id @throws NOT_UNIQUE when the organization has a project with this slug */
export async function insertProject(
  tx: Transaction,
  organizationId: string,
  draft: CheckedProjectDraft,
  actor: Actor,
  isDefault = false,
): Promise<string> {
  const id = newId()
  const createdBy = { createdById: actorUserId(actor), createdByName: actorLabel(actor) }
  await tx.entities
    .insert(ProjectEntity, { organizationId, id, ...draft, isDefault, ...createdBy })
    .catch(refuseTakenSlug)
  return id
}

/**
 * Changes a project if nobody else has changed it since.
 * @returns  false when its version is another than `version`
 * @throws NOT_UNIQUE  when the organization has another project with this slug
 */
export async function updateProjectRow(
  tx: Transaction,
  organizationId: string,
  project: { id: string; version: number },
  changes: Partial<CheckedProjectDraft & { status: ProjectRow['status'] }>,
): Promise<boolean> {
  const { id, version } = project
  const result = await tx.entities
    .update(
      ProjectEntity,
      { organizationId, id, version },
      { ...changes, version: version + 1, updatedAt: () => 'now()' },
    )
    .catch(refuseTakenSlug)
  return result.affected === 1
}

/** How many service accounts and live keys a project takes along when it is deleted, limited personal keys too. */
export async function countMachinesOf(
  tx: Transaction,
  organizationId: string,
  projectId: string,
): Promise<{ serviceAccounts: number; apiKeys: number }> {
  const [row] = await tx.query<{ serviceAccounts: number; apiKeys: number }>(COUNT_MACHINES, [
    organizationId,
    projectId,
  ])
  return row!
}

/** Deletes a project with its grants, service accounts and keys. */
export async function deleteProjectRow(tx: Transaction, organizationId: string, projectId: string): Promise<void> {
  await tx.entities.delete(ProjectEntity, { organizationId, id: projectId })
}

/** Makes another project the default one; of two at once, `projects_one_default` lets one through. */
export async function moveDefault(
  tx: Transaction,
  organizationId: string,
  formerId: string,
  projectId: string,
): Promise<void> {
  await tx.execute(SET_DEFAULT, [organizationId, formerId, false])
  await tx.execute(SET_DEFAULT, [organizationId, projectId, true])
}

/** One project as the viewer sees it, or null when it is not visible. */
export async function findProject(
  tx: Transaction,
  organizationId: string,
  viewer: ProjectViewer,
  by: { id: string } | { slug: string } | 'default',
): Promise<ProjectRow | null> {
  const id = typeof by === 'object' && 'id' in by ? by.id : null
  const slug = typeof by === 'object' && 'slug' in by ? by.slug : null
  const [row] = await tx.query<ProjectColumns>(FIND_PROJECT, [organizationId, ...viewerValues(viewer), id, slug])
  return row ? projectRow(row) : null
}

/** Those of these projects that are visible, in any order. */
export async function findProjects(
  tx: Transaction,
  organizationId: string,
  viewer: ProjectViewer,
  ids: readonly string[],
): Promise<ProjectRow[]> {
  const rows = await tx.query<ProjectColumns>(FIND_PROJECTS, [organizationId, ...viewerValues(viewer), ids])
  return rows.map(projectRow)
}

export interface ProjectFilter {
  /** Part of the name, any length: an organization has few projects. */
  search: string | null
  status: readonly ProjectRow['status'][]
}

/** At most `page.size + 1` visible projects, oldest first, in walking order. */
export async function listProjectRows(
  tx: Transaction,
  organizationId: string,
  viewer: ProjectViewer,
  filter: ProjectFilter,
  page: Page,
): Promise<ProjectRow[]> {
  const [createdAt, id] = page.cursor ?? [null, null]
  const rows = await tx.query<ProjectColumns>(page.direction === 'forwards' ? LIST_FORWARDS : LIST_BACKWARDS, [
    organizationId,
    ...viewerValues(viewer),
    filter.search && `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`,
    filter.status,
    createdAt,
    id,
    page.size + 1,
  ])
  return rows.map(projectRow)
}

/** How many visible projects match. */
export async function countProjectRows(
  tx: Transaction,
  organizationId: string,
  viewer: ProjectViewer,
  filter: ProjectFilter,
): Promise<number> {
  const search = filter.search && `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`
  const [row] = await tx.query<{ n: number }>(COUNT_PROJECTS, [
    organizationId,
    ...viewerValues(viewer),
    search,
    filter.status,
  ])
  return row!.n
}

function refuseTakenSlug(error: unknown): never {
  if (violatedConstraint(error) !== 'projects_slug_key') throw error
  throw new AppError('NOT_UNIQUE', 'The organization has another project with this slug; choose another.', {
    path: ['input', 'slug'],
  })
}

/** The values $2 to $4 of statements that ask what a viewer sees. */
export function viewerValues({ memberId, seesAll, onlyProjectId }: ProjectViewer): unknown[] {
  return [memberId, seesAll, onlyProjectId]
}

interface ProjectColumns {
  id: string
  slug: string
  name: string
  description: string | null
  is_default: boolean
  status: 'ACTIVE' | 'ARCHIVED'
  created_by_name: string
  version: number
  created_at: Date
  granted_roles: { key: string; listed: string[] }[] | null
}

function projectRow(row: ProjectColumns): ProjectRow {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    isDefault: row.is_default,
    status: row.status,
    createdByName: row.created_by_name,
    version: row.version,
    createdAt: row.created_at,
    grantedPermissions: new Set(
      row.granted_roles?.flatMap(({ key, listed }) => [...permissionsOfRole('PROJECT', key, listed)]),
    ),
  }
}

/** SQL: the ids of the projects that a viewer sees. Expects the organization as $1 and `viewerValues` as $2 to $4. */
export const VISIBLE_PROJECT_IDS = `
  SELECT p.id FROM projects p
  WHERE p.organization_id = $1 AND ($4::uuid IS NULL OR p.id = $4)
    AND ($3 OR (p.is_default AND $2::uuid IS NOT NULL) OR p.id IN (SELECT live.project_id FROM (${liveGrantsOf('$2')}) AS live))`

// $2 the looking member, $3 sees all, $4 the only project there is for the looker.
const VISIBLE = `
FROM projects p LEFT JOIN granted g ON g.project_id = p.id
WHERE p.organization_id = $1 AND ($3 OR (p.is_default AND $2::uuid IS NOT NULL) OR g.project_id IS NOT NULL)
  AND ($4::uuid IS NULL OR p.id = $4)`
const GRANTED = `
WITH granted AS (
  SELECT l.project_id, json_agg(json_build_object('key', r.key, 'listed', ${listedPermissions('r')})) AS roles
  FROM (${liveGrantsOf('$2')}) AS l
  JOIN roles r ON r.organization_id = $1 AND r.id = l.role_id
  GROUP BY l.project_id
)`
const COLUMNS = `${GRANTED}
SELECT p.id, p.slug, p.name, p.description, p.is_default, p.status, p.created_by_name, p.version, p.created_at,
  g.roles AS granted_roles ${VISIBLE}`
const FILTER = 'AND ($5::text IS NULL OR p.name ILIKE $5) AND p.status = ANY ($6)'

const FIND_PROJECT: Statement = {
  name: 'find-project',
  text: `${COLUMNS} AND CASE WHEN $5::uuid IS NOT NULL THEN p.id = $5 WHEN $6::text IS NOT NULL THEN p.slug = $6 ELSE p.is_default END`,
}
const SET_DEFAULT: Statement = {
  name: 'set-default-project',
  text: `
UPDATE projects SET is_default = $3, version = version + 1, updated_at = now()
WHERE organization_id = $1 AND id = $2`,
}
const FIND_PROJECTS: Statement = { name: 'find-projects', text: `${COLUMNS} AND p.id = ANY ($5)` }
const LIST_FORWARDS: Statement = {
  name: 'list-projects-forwards',
  text: `${COLUMNS} ${FILTER} AND ($7::timestamptz IS NULL OR (p.created_at, p.id) > ($7, $8::uuid))
ORDER BY p.created_at, p.id LIMIT $9`,
}
const LIST_BACKWARDS: Statement = {
  name: 'list-projects-backwards',
  text: `${COLUMNS} ${FILTER} AND ($7::timestamptz IS NULL OR (p.created_at, p.id) < ($7, $8::uuid))
ORDER BY p.created_at DESC, p.id DESC LIMIT $9`,
}
const COUNT_PROJECTS: Statement = {
  name: 'count-projects',
  text: `${GRANTED} SELECT count(*)::int AS n ${VISIBLE} ${FILTER}`,
}
const COUNT_MACHINES: Statement = {
  name: 'count-machines-of-project',
  text: `
SELECT (SELECT count(*)::int FROM service_accounts WHERE organization_id = $1 AND project_id = $2) AS "serviceAccounts",
  (SELECT count(*)::int FROM api_keys WHERE organization_id = $1 AND project_id = $2 AND revoked_at IS NULL
     AND (expires_at IS NULL OR expires_at > now())) AS "apiKeys"`,
}
