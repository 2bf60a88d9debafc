import { type Actor, actorLabel, actorUserId } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import type { Page } from '../../kernel/page'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
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
  /** Key of the role granted to the looking member in this project; null without a grant. */
  grantedRoleKey: string | null
}

/** Who looks: a member sees the default project and those with a grant, everybody else who may look sees all. */
export interface ProjectViewer {
  memberId: string | null
  seesAll: boolean
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

/** Deletes a project with its grants. */
export async function deleteProjectRow(tx: Transaction, organizationId: string, projectId: string): Promise<void> {
  await tx.entities.delete(ProjectEntity, { organizationId, id: projectId })
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
  const [row] = await tx.query<ProjectColumns>(FIND_PROJECT, [
    organizationId,
    viewer.memberId,
    viewer.seesAll,
    id,
    slug,
  ])
  return row ? projectRow(row) : null
}

/** Those of these projects that are visible, in any order. */
export async function findProjects(
  tx: Transaction,
  organizationId: string,
  viewer: ProjectViewer,
  ids: readonly string[],
): Promise<ProjectRow[]> {
  const rows = await tx.query<ProjectColumns>(FIND_PROJECTS, [organizationId, viewer.memberId, viewer.seesAll, ids])
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
    viewer.memberId,
    viewer.seesAll,
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
    viewer.memberId,
    viewer.seesAll,
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
  granted_role_key: string | null
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
    grantedRoleKey: row.granted_role_key,
  }
}

const VISIBLE = `
FROM projects p
LEFT JOIN project_grants g ON g.organization_id = p.organization_id AND g.project_id = p.id AND g.member_id = $2
LEFT JOIN roles r ON r.organization_id = g.organization_id AND r.id = g.role_id
WHERE p.organization_id = $1 AND ($3 OR p.is_default OR g.id IS NOT NULL)`
const COLUMNS = `
SELECT p.id, p.slug, p.name, p.description, p.is_default, p.status, p.created_by_name, p.version, p.created_at,
  r.key AS granted_role_key ${VISIBLE}`
const FILTER = 'AND ($4::text IS NULL OR p.name ILIKE $4) AND p.status = ANY ($5)'

const FIND_PROJECT: Statement = {
  name: 'find-project',
  text: `${COLUMNS} AND CASE WHEN $4::uuid IS NOT NULL THEN p.id = $4 WHEN $5::text IS NOT NULL THEN p.slug = $5 ELSE p.is_default END`,
}
const FIND_PROJECTS: Statement = { name: 'find-projects', text: `${COLUMNS} AND p.id = ANY ($4)` }
const LIST_FORWARDS: Statement = {
  name: 'list-projects-forwards',
  text: `${COLUMNS} ${FILTER} AND ($6::timestamptz IS NULL OR (p.created_at, p.id) > ($6, $7::uuid))
ORDER BY p.created_at, p.id LIMIT $8`,
}
const LIST_BACKWARDS: Statement = {
  name: 'list-projects-backwards',
  text: `${COLUMNS} ${FILTER} AND ($6::timestamptz IS NULL OR (p.created_at, p.id) < ($6, $7::uuid))
ORDER BY p.created_at DESC, p.id DESC LIMIT $8`,
}
const COUNT_PROJECTS: Statement = { name: 'count-projects', text: `SELECT count(*)::int AS n ${VISIBLE} ${FILTER}` }
