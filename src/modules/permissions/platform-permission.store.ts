import type { Statement, Transaction } from '../../platform/database'
import type { CatalogPermission } from './catalog'
import type { CheckedPermission } from './permission-draft'

/** Lets one registration at a time through, until the transaction ends. */
export async function holdRegistration(tx: Transaction): Promise<void> {
  await tx.execute(HOLD_REGISTRATION)
}

/** The permissions of the platform, retired ones too, by key. */
export async function findPlatformPermissions(tx: Transaction): Promise<CatalogPermission[]> {
  return tx.query<CatalogPermission>(FIND_PLATFORM_PERMISSIONS)
}

/** Writes permissions, new ones and those that were there; none of them is retired afterwards. */
export async function writePermissions(tx: Transaction, permissions: readonly CheckedPermission[]): Promise<void> {
  await tx.execute(WRITE_PERMISSIONS, [JSON.stringify(permissions)])
}

/** Retires permissions; the rows stay, so that roles and audit events that name them remain readable. */
export async function retirePermissionRows(tx: Transaction, keys: readonly string[]): Promise<void> {
  await tx.execute(RETIRE_PERMISSIONS, [keys])
}

// Processes that start together apply the same file; a lock on rows would not hold those that are yet to be written.
const HOLD_REGISTRATION: Statement = {
  name: 'hold-permission-registration',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('gatehouse.platform_permissions', 0))`,
}

const FIND_PLATFORM_PERMISSIONS: Statement = {
  name: 'find-platform-permissions',
  text: `
SELECT key, title, description, scope, is_sensitive AS "isSensitive", is_for_members AS "isForMembers",
  'PLATFORM' AS source, retired_at AS "retiredAt"
FROM platform_permissions ORDER BY key`,
}

const WRITE_PERMISSIONS: Statement = {
  name: 'write-permissions',
  text: `
INSERT INTO platform_permissions AS p (key, title, description, scope, is_sensitive, is_for_members)
SELECT w.key, w.title, w.description, w.scope, w."isSensitive", w."isForMembers"
FROM jsonb_to_recordset($1::jsonb) AS w(key text, title text, description text, scope text, "isSensitive" boolean,
                                        "isForMembers" boolean)
ON CONFLICT (key) DO UPDATE
SET title = excluded.title, description = excluded.description, is_sensitive = excluded.is_sensitive,
    is_for_members = excluded.is_for_members, retired_at = NULL, updated_at = now()`,
}

const RETIRE_PERMISSIONS: Statement = {
  name: 'retire-permissions',
  text: 'UPDATE platform_permissions SET retired_at = now(), updated_at = now() WHERE key = ANY ($1::text[]) AND retired_at IS NULL',
}
