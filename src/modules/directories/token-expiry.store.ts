import type { Statement, Transaction } from '../../platform/database'

/** Where an expiring token stands. */
export interface ExpiringToken {
  organizationId: string
  tokenId: string
}

/** Tokens of all organizations of whose expiry another warning is due, the most urgent first. Of the installation. */
export async function findExpiringTokens(tx: Transaction, limit: number): Promise<ExpiringToken[]> {
  return tx.query<ExpiringToken>(FIND_EXPIRING, [limit])
}

/** Notes a warning. @returns false when the same, or a later one, was given before */
export async function markTokenWarned(
  tx: Transaction,
  organizationId: string,
  tokenId: string,
  days: number,
): Promise<boolean> {
  return (await tx.execute(MARK_WARNED, [organizationId, tokenId, days])) === 1
}

const FIND_EXPIRING: Statement = {
  name: 'find-expiring-scim-tokens',
  text: `
SELECT t.organization_id AS "organizationId", t.id AS "tokenId"
FROM scim_tokens t JOIN organizations o ON o.organization_id = t.organization_id AND o.status = 'ACTIVE'
WHERE t.revoked_at IS NULL AND t.expires_at > now() AND t.expires_at < now() + interval '60 days' AND (
  t.warned_days IS NULL OR (t.warned_days > 30 AND t.expires_at < now() + interval '30 days')
  OR (t.warned_days > 7 AND t.expires_at < now() + interval '7 days')
)
ORDER BY t.expires_at LIMIT $1`,
}
const MARK_WARNED: Statement = {
  name: 'mark-scim-token-warned',
  text: `
UPDATE scim_tokens SET warned_days = $3
WHERE organization_id = $1 AND id = $2 AND (warned_days IS NULL OR warned_days > $3)`,
}
