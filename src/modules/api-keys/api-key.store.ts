import type { Statement, Transaction } from '../../platform/database'
import type { ApiKeyOwnerKind, ApiKeyRevocationReason, ApiKeyStatus } from './api-key.model'

/** A key as it is shown. The key itself is nowhere. */
export interface ApiKeyRow {
  id: string
  name: string
  preview: string
  ownerKind: ApiKeyOwnerKind
  memberId: string | null
  serviceAccountId: string | null
  /** Where it works; null for a personal key that works in all projects of its member. */
  projectId: string | null
  ownerName: string
  /** Null: everything the owner may do. */
  permissions: string[] | null
  status: ApiKeyStatus
  createdByName: string
  createdAt: Date
  expiresAt: Date | null
  /** To the hour. */
  lastUsedAt: Date | null
  lastUsedIp: string | null
  revokedAt: Date | null
  revocationReason: ApiKeyRevocationReason | null
  rotatedFromId: string | null
  /** True when a successor has been made. */
  isRotated: boolean
}

/** SQL: a key works. @param key  alias of a row of `api_keys` */
export function isLiveKey(key: string): string {
  return `(${key}.revoked_at IS NULL AND (${key}.expires_at IS NULL OR ${key}.expires_at > now()))`
}

/**
 * SQL that makes `ApiKeyRow`s of rows of `api_keys`.
 * @param keys  what stands in FROM and calls each row k
 */
export function apiKeyRowsOf(keys: string): string {
  return `
SELECT k.id, k.name, k.preview, k.owner_kind AS "ownerKind", k.member_id AS "memberId",
  k.service_account_id AS "serviceAccountId", k.project_id AS "projectId",
  CASE k.owner_kind WHEN 'MEMBER' THEN coalesce(nullif(m.name, ''), m.email) WHEN 'SERVICE_ACCOUNT' THEN s.name ELSE p.name END
    AS "ownerName",
  k.permissions,
  CASE WHEN k.revoked_at IS NOT NULL THEN 'REVOKED' WHEN k.expires_at <= now() THEN 'EXPIRED' ELSE 'ACTIVE' END AS status,
  k.created_by_name AS "createdByName", k.created_at AS "createdAt", k.expires_at AS "expiresAt",
  k.last_used_at AS "lastUsedAt", k.last_used_ip AS "lastUsedIp", k.revoked_at AS "revokedAt",
  k.revocation_reason AS "revocationReason", k.rotated_from_id AS "rotatedFromId",
  EXISTS (SELECT FROM api_keys n WHERE n.organization_id = k.organization_id AND n.rotated_from_id = k.id) AS "isRotated"
FROM ${keys}
LEFT JOIN members m ON m.organization_id = k.organization_id AND m.id = k.member_id
LEFT JOIN service_accounts s ON s.organization_id = k.organization_id AND s.id = k.service_account_id
LEFT JOIN projects p ON p.organization_id = k.organization_id AND p.id = k.project_id`
}

/** SQL of an `ApiKeyRow`, up to the conditions. Expects the organization as $1. */
export const API_KEY_ROW = `${apiKeyRowsOf('api_keys k')}
WHERE k.organization_id = $1`

/** One key, ended ones too, or null. Whether it is visible is decided by its owner. */
export async function findApiKey(tx: Transaction, organizationId: string, id: string): Promise<ApiKeyRow | null> {
  const [row] = await tx.query<ApiKeyRow>(FIND, [organizationId, id])
  return row ?? null
}

/** The live personal keys of members, latest first; a member has at most 100. */
export async function findKeysOfMembers(
  tx: Transaction,
  organizationId: string,
  memberIds: readonly string[],
): Promise<ApiKeyRow[]> {
  return tx.query(OF_MEMBERS, [organizationId, memberIds])
}

/** The live keys of service accounts, latest first; each has at most 100. */
export async function findKeysOfServiceAccounts(
  tx: Transaction,
  organizationId: string,
  serviceAccountIds: readonly string[],
): Promise<ApiKeyRow[]> {
  return tx.query(OF_SERVICE_ACCOUNTS, [organizationId, serviceAccountIds])
}

const FIND: Statement = { name: 'find-api-key', text: `${API_KEY_ROW} AND k.id = $2` }
const OF_MEMBERS: Statement = {
  name: 'find-api-keys-of-members',
  text: `${API_KEY_ROW} AND k.member_id = ANY ($2::uuid[]) AND ${isLiveKey('k')} ORDER BY k.id DESC`,
}
const OF_SERVICE_ACCOUNTS: Statement = {
  name: 'find-api-keys-of-service-accounts',
  text: `${API_KEY_ROW} AND k.service_account_id = ANY ($2::uuid[]) AND ${isLiveKey('k')} ORDER BY k.id DESC`,
}
