import { AppError } from '../../kernel/errors'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import { type CheckedDirectoryDraft, type DirectoryStatus, isAtWork } from './directory.model'

/** A role as far as a directory names it. */
export interface NamedRole {
  id: string
  key: string
  name: string
  description: string | null
  isSystem: boolean
}

/** A directory with what it holds. */
export interface DirectoryRow extends CheckedDirectoryDraft {
  id: string
  status: DirectoryStatus
  /** Of people to whom no rule gives a role. */
  defaultRole: NamedRole
  version: number
  userCount: number
  groupCount: number
  /** To ten seconds. */
  lastRequestAt: Date | null
  createdAt: Date
}

/** Directories that one organization can have. */
export const MAXIMUM_DIRECTORIES = 50

/** What a change to a directory writes. */
export interface StoredDirectory extends CheckedDirectoryDraft {
  id: string
  status: DirectoryStatus
  defaultRoleId: string
}

/** One directory, or null when it does not exist in the organization. */
export async function findDirectory(tx: Transaction, organizationId: string, id: string): Promise<DirectoryRow | null> {
  const [row] = await tx.query<DirectoryRow>(FIND, [organizationId, id])
  return row ?? null
}

/** The directories of an organization, oldest first; there are never more than {@link MAXIMUM_DIRECTORIES}. */
export async function listDirectoryRows(tx: Transaction, organizationId: string): Promise<DirectoryRow[]> {
  return tx.query<DirectoryRow>(LIST, [organizationId, MAXIMUM_DIRECTORIES])
}

/** Writes a new directory, its counters and where to find it. @throws NOT_UNIQUE, MEMBERSHIP_MODE */
export async function insertDirectory(tx: Transaction, organizationId: string, row: StoredDirectory): Promise<void> {
  await tx.execute(INSERT, valuesOf(organizationId, row)).catch(refuse)
  await tx.execute(INSERT_COUNTERS, [organizationId, row.id])
  await tx.execute(INSERT_LOOKUP, [row.id, organizationId])
}

/** Writes a directory anew. @throws NOT_UNIQUE, MEMBERSHIP_MODE */
export async function updateDirectoryRow(tx: Transaction, organizationId: string, row: StoredDirectory): Promise<void> {
  await tx.execute(UPDATE, valuesOf(organizationId, row)).catch(refuse)
}

/** What stands in the way of a directory that changes members. */
export function directoryNeedsSso(): AppError {
  return new AppError(
    'MEMBERSHIP_MODE',
    'Members of this organization come by invitation. Switch it to SSO first, or rehearse with isDryRun: true.',
  )
}

function valuesOf(organizationId: string, row: StoredDirectory): unknown[] {
  return [
    organizationId,
    row.id,
    row.name,
    row.vendor,
    row.status,
    row.isDryRun,
    row.isStrict,
    row.defaultRoleId,
    row.deprovisionAction,
    row.adoptsVerifiedDomains,
    row.linkKeys,
    isAtWork(row) ? 'SSO' : null,
  ]
}

function refuse(error: unknown): never {
  const constraint = violatedConstraint(error)
  if (constraint === 'directories_name_key')
    throw new AppError('NOT_UNIQUE', 'Another directory has this name; choose another.', { path: ['input', 'name'] })
  if (constraint === 'directories_organization_mode_fkey') throw directoryNeedsSso()
  throw error
}

const DIRECTORIES = `
SELECT d.id, d.name, d.vendor, d.status, d.is_dry_run AS "isDryRun", d.is_strict AS "isStrict",
  jsonb_build_object('id', r.id, 'key', r.key, 'name', r.name, 'description', r.description, 'isSystem', r.is_system) AS "defaultRole",
  d.deprovision_action AS "deprovisionAction", d.adopts_verified_domains AS "adoptsVerifiedDomains", d.link_keys AS "linkKeys",
  d.version, d.last_request_at AS "lastRequestAt", d.created_at AS "createdAt", c.users AS "userCount", c.groups AS "groupCount"
FROM directories d
CROSS JOIN LATERAL (
  SELECT sum(users)::int AS users, sum(groups)::int AS groups FROM directory_counters
  WHERE organization_id = d.organization_id AND directory_id = d.id
) AS c
JOIN roles r ON r.organization_id = d.organization_id AND r.id = d.default_role_id
WHERE d.organization_id = $1`
const FIND: Statement = { name: 'find-directory', text: `${DIRECTORIES} AND d.id = $2` }
const LIST: Statement = { name: 'list-directories', text: `${DIRECTORIES} ORDER BY d.id LIMIT $2` }

const COLUMNS = `name, vendor, status, is_dry_run, is_strict, default_role_id, deprovision_action, adopts_verified_domains,
  link_keys, organization_mode`
const VALUES = '$3, $4, $5, $6::boolean, $7::boolean, $8::uuid, $9, $10::boolean, $11::text[], $12'
const INSERT: Statement = {
  name: 'insert-directory',
  text: `INSERT INTO directories (organization_id, id, ${COLUMNS}) VALUES ($1, $2, ${VALUES})`,
}
const UPDATE: Statement = {
  name: 'update-directory',
  text: `
UPDATE directories SET (${COLUMNS}, version, updated_at) = ROW (${VALUES}, version + 1, now())
WHERE organization_id = $1 AND id = $2`,
}
const INSERT_COUNTERS: Statement = {
  name: 'insert-directory-counters',
  text: 'INSERT INTO directory_counters (organization_id, directory_id) VALUES ($1, $2)',
}
const INSERT_LOOKUP: Statement = {
  name: 'insert-directory-lookup',
  text: 'INSERT INTO directory_lookups (directory_id, organization_id) VALUES ($1, $2)',
}
