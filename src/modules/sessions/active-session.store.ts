import type { Statement, Transaction } from '../../platform/database'

/** Notes that an account session is in use. */
export async function markAccountSessionActive(tx: Transaction, sessionId: string): Promise<void> {
  await tx.execute(MARK_ACCOUNT_SESSION, [sessionId])
}

/** Notes that an organization session and its member are in use. */
export async function markOrganizationSessionActive(
  tx: Transaction,
  organizationId: string,
  sessionId: string,
): Promise<void> {
  await tx.execute(MARK_ORGANIZATION_SESSION, [organizationId, sessionId])
}

// Of many requests that find the session idle at once, the first writes and the others find nothing left to do.
const MARK_ACCOUNT_SESSION: Statement = {
  name: 'mark-account-session-active',
  text: `
UPDATE account_sessions SET last_active_at = now()
WHERE id = $1 AND revoked_at IS NULL AND last_active_at < now() - interval '1 hour'`,
}

const MARK_ORGANIZATION_SESSION: Statement = {
  name: 'mark-organization-session-active',
  text: `
WITH marked AS (
  UPDATE organization_sessions SET last_active_at = now()
  WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL AND last_active_at < now() - interval '1 hour'
  RETURNING member_id
)
UPDATE members SET last_active_at = now() FROM marked WHERE organization_id = $1 AND id = marked.member_id`,
}
