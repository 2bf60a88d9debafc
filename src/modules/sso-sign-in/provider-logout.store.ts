import type { Statement, Transaction } from '../../platform/database'

/** Whose sessions a provider ends: all of a subject, one session of its own, or that one if it is of the subject. */
export interface LoggedOut {
  readonly subject: string | null
  /** The provider's name of its session. */
  readonly idpSession: string | null
}

/** A session that ended. */
export interface EndedByProvider {
  sessionId: string
  memberId: string
  name: string
}

/**
 * Ends sessions that were opened by one connection, and codes that would still open one.
 * @returns  the sessions that were alive until now
 */
export async function endSessionsByProvider(
  tx: Transaction,
  organizationId: string,
  providerId: string,
  { subject, idpSession }: LoggedOut,
): Promise<EndedByProvider[]> {
  const values = [organizationId, providerId, subject, idpSession]
  // Codes first, on their own: whoever exchanges one right now is waited for, so the session that it opens is seen then.
  await tx.execute(END_CODES, values)
  return tx.query<EndedByProvider>(END_SESSIONS, values)
}

/** The ID token that a session was opened with, sealed; null when none was kept. */
export async function findIdTokenOfSession(
  tx: Transaction,
  organizationId: string,
  sessionId: string,
): Promise<{ providerId: string; sealedIdToken: Buffer } | null> {
  const [row] = await tx.query<{ providerId: string; sealedIdToken: Buffer }>(FIND_ID_TOKEN, [
    organizationId,
    sessionId,
  ])
  return row ?? null
}

const FIND_ID_TOKEN: Statement = {
  name: 'find-id-token-of-session',
  text: `
SELECT sso_provider_id AS "providerId", sealed_id_token AS "sealedIdToken" FROM organization_sessions
WHERE organization_id = $1 AND id = $2 AND sealed_id_token IS NOT NULL`,
}
const IDENTITIES = `
  SELECT id FROM sso_identities
  WHERE organization_id = $1 AND sso_provider_id = $2 AND ($3::text IS NULL OR subject = $3)`
const END_CODES: Statement = {
  name: 'end-session-codes-by-provider',
  text: `
UPDATE session_codes SET used_at = now()
WHERE organization_id = $1 AND used_at IS NULL AND sso_identity_id IN (${IDENTITIES})
  AND ($4::text IS NULL OR session_limits->>'idpSession' = $4)`,
}
const END_SESSIONS: Statement = {
  name: 'end-sessions-by-provider',
  text: `
WITH ended AS (
  UPDATE organization_sessions SET revoked_at = now()
  WHERE organization_id = $1 AND sso_provider_id = $2 AND revoked_at IS NULL AND expires_at > now()
    AND sso_identity_id IN (${IDENTITIES}) AND ($4::text IS NULL OR idp_session = $4)
  RETURNING id, member_id
)
SELECT ended.id AS "sessionId", m.id AS "memberId", coalesce(nullif(m.name, ''), m.email) AS name
FROM ended JOIN members m ON m.organization_id = $1 AND m.id = ended.member_id`,
}
