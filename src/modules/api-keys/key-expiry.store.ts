import type { Statement, Transaction } from '../../platform/database'
import { isLive } from '../projects'
import { API_KEY_ROW, type ApiKeyRow, isLiveKey } from './api-key.store'

/** Where a key that ends soon stands. */
export interface ExpiringKey {
  organizationId: string
  apiKeyId: string
}

/** A warning is due when fewer days are left than this, of keys that live more than twice as long; the last one first. */
export const WARNING_DAYS = [1, 7] as const

const MAXIMUM_RECIPIENTS = 20

/** Live keys of all organizations of whose end a warning is due, the most urgent first. Replaced ones end as was meant. */
export async function findExpiringKeys(tx: Transaction, limit: number): Promise<ExpiringKey[]> {
  return tx.query<ExpiringKey>(FIND_EXPIRING, [limit])
}

/** Notes that a warning is given. @returns  the key, or null when none is due any more */
export async function markKeyWarned(
  tx: Transaction,
  organizationId: string,
  apiKeyId: string,
): Promise<ApiKeyRow | null> {
  if ((await tx.execute(MARK_WARNED, [organizationId, apiKeyId])) === 0) return null
  const [key] = await tx.query<ApiKeyRow>(FIND_WARNED, [organizationId, apiKeyId])
  return key!
}

/** Whether a key still works and nothing has taken its place, so that somebody should look after it. */
export async function needsKeeper(tx: Transaction, organizationId: string, apiKeyId: string): Promise<boolean> {
  return (await tx.query(FIND_NEEDY, [organizationId, apiKeyId])).length === 1
}

/** Addresses of joined members to whom a live grant in a project, or one to a team of theirs, lets make keys there; at most 20. */
export async function findKeyMakerAddresses(
  tx: Transaction,
  organizationId: string,
  projectId: string,
): Promise<string[]> {
  const values = [organizationId, projectId, MAXIMUM_RECIPIENTS]
  return (await tx.query<{ email: string }>(FIND_KEY_MAKERS, values)).map(({ email }) => email)
}

const hasSuccessor = (key: string): string =>
  `EXISTS (SELECT FROM api_keys n WHERE n.organization_id = ${key}.organization_id AND n.rotated_from_id = ${key}.id)`

/** SQL: the warning that is due for a key k, in days; NULL when none is. */
const DUE = `CASE ${WARNING_DAYS.map(
  (days) => `
  WHEN k.expires_at < now() + interval '${days} days' AND k.expires_at - k.created_at > interval '${2 * days} days' THEN ${days}`,
).join('')} END`

const IS_DUE = `k.revoked_at IS NULL AND k.expires_at > now() AND ${DUE} < coalesce(k.warned_days, 1000) AND NOT ${hasSuccessor('k')}`

const FIND_EXPIRING: Statement = {
  name: 'find-expiring-api-keys',
  text: `
SELECT k.organization_id AS "organizationId", k.id AS "apiKeyId"
FROM api_keys k JOIN organizations o ON o.organization_id = k.organization_id AND o.status = 'ACTIVE'
WHERE k.expires_at < now() + interval '${Math.max(...WARNING_DAYS)} days' AND ${IS_DUE}
ORDER BY k.expires_at LIMIT $1`,
}
const MARK_WARNED: Statement = {
  name: 'mark-api-key-warned',
  text: `UPDATE api_keys k SET warned_days = ${DUE} WHERE k.organization_id = $1 AND k.id = $2 AND ${IS_DUE}`,
}
const FIND_WARNED: Statement = { name: 'find-warned-api-key', text: `${API_KEY_ROW} AND k.id = $2` }
const FIND_NEEDY: Statement = {
  name: 'find-needy-api-key',
  text: `
SELECT FROM api_keys k WHERE k.organization_id = $1 AND k.id = $2 AND ${isLiveKey('k')} AND NOT ${hasSuccessor('k')}`,
}
const FIND_KEY_MAKERS: Statement = {
  name: 'find-key-makers-of-project',
  text: `
WITH granted AS (
  SELECT g.member_id, g.team_id FROM project_grants g
  JOIN roles r ON r.organization_id = g.organization_id AND r.id = g.role_id
  WHERE g.organization_id = $1 AND g.project_id = $2 AND ${isLive('g')}
    AND ((r.is_system AND r.key = 'project_admin') OR 'api_key.create' = ANY (r.permissions))
)
SELECT DISTINCT m.email FROM (
  SELECT member_id FROM granted WHERE member_id IS NOT NULL
  UNION ALL
  SELECT tm.member_id FROM granted
  JOIN teams t ON t.organization_id = $1 AND granted.team_id = ANY (t.path)
  JOIN team_members tm ON tm.organization_id = $1 AND tm.team_id = t.id
) AS maker
JOIN members m ON m.organization_id = $1 AND m.id = maker.member_id AND m.status = 'JOINED'
LIMIT $3`,
}
