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
    isIdle: row.is_idle,
  }
}

interface AccountSessionRow {
  id: string
  user_id: string
  identity_id: string
  provider: string
  name: string
  email: string
  is_idle: boolean
}

// The clock is the database's: a gateway with a wrong clock cannot keep a session alive.
const FIND_ACCOUNT_SESSION: Statement = {
  name: 'find-account-session',
  text: `
SELECT s.id, s.user_id, s.identity_id, s.provider, u.name, u.email,
  s.last_active_at < now() - interval '1 hour' AS is_idle
FROM account_sessions s JOIN users u ON u.id = s.user_id
WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND u.disabled_at IS NULL`,
}

/** An account session about to be opened. */
export interface AccountSessionDraft {
  readonly id: string
  readonly tokenHash: Buffer
  readonly userId: string
  readonly identityId: string
  readonly provider: string
  readonly ip: string | null
  readonly userAgent: string | null
  readonly expiresAt: Date
}

/** Writes a new account session. */
export async function insertAccountSession(tx: Transaction, session: AccountSessionDraft): Promise<void> {
  const { id, tokenHash, userId, identityId, provider, ip, userAgent, expiresAt } = session
  await tx.execute(INSERT_ACCOUNT_SESSION, [id, tokenHash, userId, identityId, provider, ip, userAgent, expiresAt])
}

const INSERT_ACCOUNT_SESSION: Statement = {
  name: 'insert-account-session',
  text: `
INSERT INTO account_sessions (id, token_hash, user_id, identity_id, provider, ip, user_agent, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
}
