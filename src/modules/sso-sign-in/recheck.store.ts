import type { Statement, Transaction } from '../../platform/database'

/** Somebody whose provider is to be asked again. */
export interface DueIdentity {
  readonly organizationId: string
  readonly identityId: string
}

/** An identity that is this process's to ask about. */
export interface ClaimedIdentity {
  readonly providerId: string
  readonly subject: string
  /** Sealed for `refreshSealContext`. */
  readonly sealedRefresh: Buffer
}

/**
 * Identities in a live session whose provider was last heard 15 minutes ago, longest first; at most 50 of one
 * organization, so that a slow provider holds up its own people alone. Wants the installation's scope.
 */
export async function findDueIdentities(tx: Transaction, limit: number): Promise<DueIdentity[]> {
  return tx.query<DueIdentity>(FIND_DUE, [limit])
}

/** Takes an identity for 15 minutes; null when it is not due any more, or another process or a sign-in is at it. */
export async function claimIdentity(
  tx: Transaction,
  organizationId: string,
  identityId: string,
): Promise<ClaimedIdentity | null> {
  const [row] = await tx.query<ClaimedIdentity>(CLAIM, [organizationId, identityId])
  return row ?? null
}

/**
 * Replaces the refresh token that was asked with, or wipes it.
 * @returns  false when the person has signed in anew meanwhile: what was heard is about a grant of before
 */
export async function replaceRefresh(
  tx: Transaction,
  organizationId: string,
  identityId: string,
  asked: Buffer,
  next: Buffer | null,
): Promise<boolean> {
  return (await tx.execute(REPLACE, [organizationId, identityId, asked, next])) === 1
}

const HEARD = "greatest(i.rechecked_at, i.last_used_at) < now() - interval '15 minutes'"
const FIND_DUE: Statement = {
  name: 'find-identities-to-recheck',
  text: `
SELECT organization_id AS "organizationId", id AS "identityId" FROM (
  SELECT i.organization_id, i.id, greatest(i.rechecked_at, i.last_used_at) AS heard_at,
    row_number() OVER (PARTITION BY i.organization_id ORDER BY greatest(i.rechecked_at, i.last_used_at)) AS place
  FROM sso_identities i
  JOIN sso_providers p ON p.organization_id = i.organization_id AND p.id = i.sso_provider_id
  WHERE i.has_refresh AND p.rechecks_access AND p.status = 'ACTIVE' AND ${HEARD} AND EXISTS (
    SELECT FROM organization_sessions s
    WHERE s.organization_id = i.organization_id AND s.sso_identity_id = i.id AND s.revoked_at IS NULL AND s.expires_at > now())
) AS due WHERE place <= 50 ORDER BY heard_at LIMIT $1`,
}
const CLAIM: Statement = {
  name: 'claim-identity-to-recheck',
  text: `
UPDATE sso_identities SET rechecked_at = now() WHERE organization_id = $1 AND id = (
  SELECT i.id FROM sso_identities i
  WHERE i.organization_id = $1 AND i.id = $2 AND i.has_refresh AND ${HEARD} FOR UPDATE SKIP LOCKED)
RETURNING sso_provider_id AS "providerId", subject, sealed_refresh AS "sealedRefresh"`,
}
const REPLACE: Statement = {
  name: 'replace-refresh-of-identity',
  text: 'UPDATE sso_identities SET sealed_refresh = $4 WHERE organization_id = $1 AND id = $2 AND sealed_refresh = $3',
}
