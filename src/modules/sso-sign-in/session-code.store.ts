import { newId } from '../../kernel/ids'
import type { Statement, Transaction } from '../../platform/database'

/** What a session that is still to be fetched will be like. */
export interface SessionLimits {
  readonly memberEpoch: number
  readonly userId: string
  readonly ssoProviderId: string
  readonly idpSession: string | null
  readonly authenticatedAt: string
  readonly expiresAt: string
}

/** A code that waits to be exchanged. */
export interface SessionCodeDraft {
  readonly codeHash: Buffer
  readonly challenge: string
  readonly returnUrl: string
  readonly memberId: string
  readonly ssoIdentityId: string
  readonly limits: SessionLimits
}

/** Keeps a code for a minute. */
export async function insertSessionCode(
  tx: Transaction,
  organizationId: string,
  { codeHash, challenge, returnUrl, memberId, ssoIdentityId, limits }: SessionCodeDraft,
): Promise<void> {
  await tx.execute(INSERT, [organizationId, newId(), codeHash, challenge, returnUrl, memberId, ssoIdentityId, limits])
}

/** Uses a code up; null when it does not count (any more), or its connection is not in use. */
export async function takeSessionCode(
  tx: Transaction,
  organizationId: string,
  codeHash: Buffer,
): Promise<Omit<SessionCodeDraft, 'codeHash'> | null> {
  const [row] = await tx.query<Omit<SessionCodeDraft, 'codeHash'>>(TAKE, [organizationId, codeHash])
  return row ?? null
}

const INSERT: Statement = {
  name: 'insert-session-code',
  text: `
INSERT INTO session_codes (organization_id, id, code_hash, challenge, return_url, member_id, sso_identity_id, session_limits, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + interval '60 seconds')`,
}
const TAKE: Statement = {
  name: 'take-session-code',
  text: `
UPDATE session_codes c SET used_at = now()
FROM sso_identities i JOIN sso_providers p ON p.organization_id = $1 AND p.id = i.sso_provider_id AND p.status = 'ACTIVE'
WHERE c.organization_id = $1 AND c.code_hash = $2 AND c.used_at IS NULL AND c.expires_at > now()
  AND i.organization_id = $1 AND i.id = c.sso_identity_id
RETURNING c.challenge, c.return_url AS "returnUrl", c.member_id AS "memberId", c.sso_identity_id AS "ssoIdentityId",
  c.session_limits AS limits`,
}
