import type { Statement, Transaction } from '../../platform/database'

/** A refresh token that was just used, and never works again. */
export interface SpentRefreshToken {
  readonly familyId: string
  readonly sessionId: string
  readonly audience: string
}

/** A refresh token as it is kept. */
export interface RefreshTokenRow extends SpentRefreshToken {
  readonly createdAt: Date
  readonly expiresAt: Date
  /** Used, or a younger one of its family was. */
  readonly isSpent: boolean
  /** Its family was ended, or its time is over. Its session may have ended as well. */
  readonly isEnded: boolean
}

/** A refresh token about to be given out. */
export interface RefreshTokenDraft extends SpentRefreshToken {
  readonly id: string
  readonly tokenHash: Buffer
  /** That of its session, for the whole family: using it does not prolong anything. */
  readonly expiresAt: Date
}

/** Keeps a refresh token. */
export async function insertRefreshToken(
  tx: Transaction,
  organizationId: string,
  { id, familyId, tokenHash, sessionId, audience, expiresAt }: RefreshTokenDraft,
): Promise<void> {
  await tx.execute(INSERT_TOKEN, [organizationId, id, familyId, tokenHash, sessionId, audience, expiresAt])
}

/** Uses a refresh token: of any number of callers at once, one. @returns  null for everybody else */
export async function spendRefreshToken(
  tx: Transaction,
  organizationId: string,
  tokenHash: Buffer,
): Promise<SpentRefreshToken | null> {
  const [spent] = await tx.query<SpentRefreshToken>(SPEND_TOKEN, [organizationId, tokenHash])
  return spent ?? null
}

/** The refresh token with this hash, alive or not. */
export async function findRefreshToken(
  tx: Transaction,
  organizationId: string,
  tokenHash: Buffer,
): Promise<RefreshTokenRow | null> {
  const [row] = await tx.query<RefreshTokenRow>(FIND_TOKEN, [organizationId, tokenHash])
  return row ?? null
}

/** Ends a family. @returns  false when it had ended already */
export async function endRefreshTokenFamily(
  tx: Transaction,
  organizationId: string,
  familyId: string,
): Promise<boolean> {
  return (await tx.execute(END_FAMILY, [organizationId, familyId])) > 0
}

/** Ends the session of a refresh token, and so everything that lives by it. @returns  its member, or null when it was over */
export async function endSessionOfRefreshToken(
  tx: Transaction,
  organizationId: string,
  sessionId: string,
): Promise<string | null> {
  const [row] = await tx.query<{ memberId: string }>(END_SESSION, [organizationId, sessionId])
  return row?.memberId ?? null
}

const INSERT_TOKEN: Statement = {
  name: 'insert-refresh-token',
  text: `
INSERT INTO refresh_tokens (organization_id, id, family_id, token_hash, session_id, audience, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)`,
}
const SPEND_TOKEN: Statement = {
  name: 'spend-refresh-token',
  text: `
UPDATE refresh_tokens SET used_at = now()
WHERE organization_id = $1 AND token_hash = $2 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
RETURNING family_id AS "familyId", session_id AS "sessionId", audience`,
}
const FIND_TOKEN: Statement = {
  name: 'find-refresh-token',
  sharesTrip: true,
  text: `
SELECT family_id AS "familyId", session_id AS "sessionId", audience, created_at AS "createdAt", expires_at AS "expiresAt",
  used_at IS NOT NULL AS "isSpent", revoked_at IS NOT NULL OR expires_at <= now() AS "isEnded"
FROM refresh_tokens WHERE organization_id = $1 AND token_hash = $2`,
}
const END_FAMILY: Statement = {
  name: 'end-refresh-token-family',
  text: `
UPDATE refresh_tokens SET revoked_at = now() WHERE organization_id = $1 AND family_id = $2 AND revoked_at IS NULL`,
}
const END_SESSION: Statement = {
  name: 'end-session-of-refresh-token',
  text: `
UPDATE organization_sessions SET revoked_at = now()
WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL AND expires_at > now()
RETURNING member_id AS "memberId"`,
}
