import type { RequestFacts } from '../../access'
import { newId } from '../../kernel/ids'
import type { Statement, Transaction } from '../../platform/database'
import type { SsoRefusalCode } from './sso-refusal.model'

/** A sign-in that was refused, as far as it got. */
export interface SsoRefusalDraft {
  readonly providerId: string
  readonly code: SsoRefusalCode
  /** For the Admin; never a secret, nothing of the answer as it came. */
  readonly detail: string
  readonly subject: string | null
  readonly email: string | null
}

/** One of the newest refusals of a connection. */
export interface SsoRefusalRow extends SsoRefusalDraft {
  id: string
  ip: string | null
  requestId: string
  createdAt: Date
}

/** How many refusals are kept of each connection. */
export const KEPT_REFUSALS = 100

/** Notes a refusal, and forgets the oldest beyond {@link KEPT_REFUSALS}. */
export async function insertSsoRefusal(
  tx: Transaction,
  organizationId: string,
  { providerId, code, detail, subject, email }: SsoRefusalDraft,
  request: RequestFacts,
): Promise<void> {
  const values = [organizationId, newId(), providerId, code, detail.slice(0, 500), subject, email]
  await tx.execute(INSERT, [...values, request.ip, request.id])
  await tx.execute(FORGET, [organizationId, providerId, KEPT_REFUSALS])
}

/** The newest refusals of each of some connections, newest first. */
export async function findSsoRefusals(
  tx: Transaction,
  organizationId: string,
  providerIds: readonly string[],
  each: number,
): Promise<SsoRefusalRow[]> {
  return tx.query<SsoRefusalRow>(FIND_NEWEST, [organizationId, providerIds, each])
}

const INSERT: Statement = {
  name: 'insert-sso-refusal',
  text: `
INSERT INTO sso_refusals (organization_id, id, sso_provider_id, code, detail, subject, email, ip, request_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
}
const FORGET: Statement = {
  name: 'forget-sso-refusals',
  text: `
DELETE FROM sso_refusals WHERE organization_id = $1 AND sso_provider_id = $2 AND id <= (
  SELECT id FROM sso_refusals WHERE organization_id = $1 AND sso_provider_id = $2 ORDER BY id DESC OFFSET $3 LIMIT 1)`,
}
const FIND_NEWEST: Statement = {
  name: 'find-newest-sso-refusals',
  text: `
SELECT newest.* FROM unnest($2::uuid[]) AS wanted(provider_id) CROSS JOIN LATERAL (
  SELECT id, sso_provider_id AS "providerId", code, detail, subject, email, ip, request_id AS "requestId", created_at AS "createdAt"
  FROM sso_refusals WHERE organization_id = $1 AND sso_provider_id = wanted.provider_id ORDER BY id DESC LIMIT $3
) AS newest`,
}
