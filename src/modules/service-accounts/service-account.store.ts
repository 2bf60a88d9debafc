import { type Actor, actorLabel, actorUserId } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import type { Page } from '../../kernel/page'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import { type ProjectViewer, VISIBLE_PROJECT_IDS, viewerValues } from '../projects'
import { ServiceAccountEntity } from './service-account.entity'
import type { CheckedServiceAccountDraft } from './service-account.model'

export type ServiceAccountStatus = ServiceAccountEntity['status']

/** A service account with its role. */
export interface ServiceAccountRow {
  id: string
  projectId: string
  name: string
  description: string | null
  status: ServiceAccountStatus
  role: { id: string; key: string; name: string; description: string | null; isSystem: boolean }
  createdByName: string
  version: number
  createdAt: Date
  updatedAt: Date
  /** When one of its keys was last used, to the hour; null when none was. */
  lastUsedAt: Date | null
}

/** @returns the id @throws NOT_UNIQUE when the project has a service account of this name */
export async function insertServiceAccount(
  tx: Transaction,
  organizationId: string,
  account: CheckedServiceAccountDraft & { projectId: string; roleId: string },
  actor: Actor,
): Promise<string> {
  const id = newId()
  const createdBy = { createdById: actorUserId(actor), createdByName: actorLabel(actor) }
  await tx.entities
    .insert(ServiceAccountEntity, { organizationId, id, ...account, ...createdBy })
    .catch(refuseTakenName)
  return id
}

/**
 * Changes a service account if nobody else has changed it since.
 * @returns  false when its version is another than `version`
 * @throws NOT_UNIQUE  when the project has another service account of this name
 */
export async function updateServiceAccountRow(
  tx: Transaction,
  organizationId: string,
  account: { id: string; version: number },
  changes: Partial<CheckedServiceAccountDraft & { roleId: string; status: ServiceAccountStatus }>,
): Promise<boolean> {
  const { id, version } = account
  const result = await tx.entities
    .update(
      ServiceAccountEntity,
      { organizationId, id, version },
      { ...changes, version: version + 1, updatedAt: () => 'now()' },
    )
    .catch(refuseTakenName)
  return result.affected === 1
}

/** Deletes a service account with its keys. */
export async function deleteServiceAccountRow(tx: Transaction, organizationId: string, id: string): Promise<void> {
  await tx.entities.delete(ServiceAccountEntity, { organizationId, id })
}

/** Revokes the keys of a service account. @returns how many were alive until now */
export async function endKeysOfServiceAccount(tx: Transaction, organizationId: string, id: string): Promise<number> {
  const [row] = await tx.query<{ ended: number }>(END_KEYS, [organizationId, id])
  return row!.ended
}

/** One service account, or null. Whether it is visible is decided by its project. */
export async function findServiceAccount(
  tx: Transaction,
  organizationId: string,
  id: string,
): Promise<ServiceAccountRow | null> {
  const [row] = await tx.query<ServiceAccountColumns>(FIND, [organizationId, id])
  return row ? rowOf(row) : null
}

/** Those of these service accounts that exist, in any order. Which are visible is decided by their projects. */
export async function findServiceAccounts(
  tx: Transaction,
  organizationId: string,
  ids: readonly string[],
): Promise<ServiceAccountRow[]> {
  return (await tx.query<ServiceAccountColumns>(FIND_MANY, [organizationId, ids])).map(rowOf)
}

/** Which service accounts a list holds. */
export interface ServiceAccountFilter {
  /** Only those of this project; null for all projects that the viewer sees. */
  projectId: string | null
  /** Part of the name, any length; null for all. */
  search: string | null
  status: readonly ServiceAccountStatus[]
}

/** At most `page.size + 1` service accounts in projects that the viewer sees, oldest first, in walking order. */
export async function listServiceAccountRows(
  tx: Transaction,
  organizationId: string,
  viewer: ProjectViewer,
  filter: ServiceAccountFilter,
  page: Page,
): Promise<ServiceAccountRow[]> {
  const values = [...filterValues(organizationId, viewer, filter), page.cursor?.[0] ?? null, page.size + 1]
  const rows = await tx.query<ServiceAccountColumns>(LIST[page.direction], values)
  return rows.map(rowOf)
}

/** How many match, counting at most `cap`. */
export async function countServiceAccountRows(
  tx: Transaction,
  organizationId: string,
  viewer: ProjectViewer,
  filter: ServiceAccountFilter,
  cap: number,
): Promise<number> {
  const [row] = await tx.query<{ n: number }>(COUNT, [...filterValues(organizationId, viewer, filter), cap])
  return row!.n
}

function filterValues(organizationId: string, viewer: ProjectViewer, filter: ServiceAccountFilter): unknown[] {
  const search = filter.search && `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`
  return [organizationId, ...viewerValues(viewer), filter.projectId, search, filter.status]
}

function refuseTakenName(error: unknown): never {
  if (violatedConstraint(error) !== 'service_accounts_name_key') throw error
  throw new AppError('NOT_UNIQUE', 'The project has another service account of this name; choose another.', {
    path: ['input', 'name'],
  })
}

interface ServiceAccountColumns extends Omit<ServiceAccountRow, 'role'> {
  role_id: string
  role_key: string
  role_name: string
  role_description: string | null
  role_is_system: boolean
}

function rowOf(columns: ServiceAccountColumns): ServiceAccountRow {
  const { role_id: id, role_key: key, role_name: name, role_description: description, ...row } = columns
  const { role_is_system: isSystem, ...own } = row
  return { ...own, role: { id, key, name, description, isSystem } }
}

const COLUMNS = `
SELECT s.id, s.project_id AS "projectId", s.name, s.description, s.status, s.created_by_name AS "createdByName", s.version,
  s.created_at AS "createdAt", s.updated_at AS "updatedAt", r.id AS role_id, r.key AS role_key, r.name AS role_name,
  r.description AS role_description, r.is_system AS role_is_system, (
    SELECT max(k.last_used_at) FROM api_keys k WHERE k.organization_id = $1 AND k.service_account_id = s.id
  ) AS "lastUsedAt"
FROM service_accounts s JOIN roles r ON r.organization_id = s.organization_id AND r.id = s.role_id
WHERE s.organization_id = $1`
// $2 to $4 say who looks.
const FILTER = `AND s.project_id IN (${VISIBLE_PROJECT_IDS}) AND ($5::uuid IS NULL OR s.project_id = $5) AND ($6::text IS NULL OR s.name ILIKE $6)
  AND s.status = ANY ($7)`

const FIND: Statement = { name: 'find-service-account', text: `${COLUMNS} AND s.id = $2` }
const FIND_MANY: Statement = { name: 'find-service-accounts', text: `${COLUMNS} AND s.id = ANY ($2::uuid[])` }
// Ids are made in the order of time.
const LIST: Record<Page['direction'], Statement> = {
  forwards: {
    name: 'list-service-accounts-forwards',
    text: `${COLUMNS} ${FILTER} AND ($8::uuid IS NULL OR s.id > $8) ORDER BY s.id LIMIT $9`,
  },
  backwards: {
    name: 'list-service-accounts-backwards',
    text: `${COLUMNS} ${FILTER} AND ($8::uuid IS NULL OR s.id < $8) ORDER BY s.id DESC LIMIT $9`,
  },
}
const COUNT: Statement = {
  name: 'count-service-accounts',
  text: `
SELECT count(*)::int AS n
FROM (SELECT FROM service_accounts s WHERE s.organization_id = $1 ${FILTER} LIMIT $8) AS matching`,
}
const END_KEYS: Statement = {
  name: 'end-keys-of-service-account',
  text: `
WITH ended AS (
  UPDATE api_keys SET revoked_at = now(), revocation_reason = 'SERVICE_ACCOUNT_DISABLED'
  WHERE organization_id = $1 AND service_account_id = $2 AND revoked_at IS NULL
  RETURNING expires_at IS NULL OR expires_at > now() AS alive
)
SELECT count(*)::int AS ended FROM ended WHERE alive`,
}
