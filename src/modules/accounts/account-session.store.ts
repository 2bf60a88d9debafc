import type { AccountSession } from '../../access'
import type { Statement, Transaction } from '../../platform/database'

/** The live account session with this token hash; null when it ended, expired, or its account is disabled. */
export async function findAccountSession(tx: Transaction, tokenHash: Buffer): Promise<AccountSession | null> {
  const [row] = await tx.query<AccountSessionRow>(FIND_ACCOUNT_SESSION, [tokenHash])
  if (!row) return null
  return {
    kind: 'account',
    sessionId: row.id,
    userId: row.user_id,
    identityId: row.identity_id,
    provider: row.provider,
    name: row.name,
    email: row.email,
  }
}

interface AccountSessionRow {
  id: string
  user_id: string
  identity_id: string
  provider: string
  name: string
  email: string
}

// The clock is the database's: a gateway with a wrong clock cannot keep a session alive.
const FIND_ACCOUNT_SESSION: Statement = {
  name: 'find-account-session',
  text: `
SELECT s.id, s.user_id, s.identity_id, s.provider, u.name, u.email
FROM account_sessions s JOIN users u ON u.id = s.user_id
WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND u.disabled_at IS NULL`,
}
