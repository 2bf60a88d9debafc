import { type Actor, actorLabel, actorUserId } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { makeToken } from '../../platform/crypto'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import { type ApiKeyOwnerKind, type ApiKeyRevocationReason, MOST_LIVE_KEYS, previewOf } from './api-key.model'
import { isLiveKey } from './api-key.store'

/** Whose key it is to be. */
export interface ApiKeyOwner {
  kind: ApiKeyOwnerKind
  memberId: string | null
  serviceAccountId: string | null
  /** Needed unless the owner is a member. */
  projectId: string | null
}

/** A key that passed every rule. */
export interface CheckedApiKey {
  name: string
  permissions: readonly string[] | null
  expiresAt: Date | null
  rotatedFromId: string | null
}

/** A key just made. The secret is shown once. */
export interface NewApiKey {
  id: string
  /** `gak_…` */
  secret: string
}

/**
 * Makes a key. For a member it is bound to the membership as it is now.
 * @throws WRONG_STATE  the key that it replaces has a successor already
 */
export async function insertApiKey(
  tx: Transaction,
  organizationId: string,
  owner: ApiKeyOwner,
  key: CheckedApiKey,
  actor: Actor,
): Promise<NewApiKey> {
  const id = newId()
  const { token, hash } = makeToken('apiKey', organizationId)
  const values = [
    organizationId,
    id,
    hash,
    previewOf(token),
    key.name,
    owner.kind,
    owner.memberId,
    owner.serviceAccountId,
    owner.projectId,
    key.permissions,
    actorUserId(actor),
    actorLabel(actor),
    key.rotatedFromId,
    key.expiresAt,
  ]
  await tx.execute(INSERT, values).catch((error: unknown) => {
    if (violatedConstraint(error) === 'api_keys_rotated_from_key') throw rotatedAlready()
    throw error
  })
  return { id, secret: token }
}

/** A key is replaced once: whoever asks again would lose track of which one is in use. */
export function rotatedAlready(): AppError {
  return new AppError('WRONG_STATE', 'This key has been rotated already; rotate its successor.')
}

/** What bounds new keys: the longest life in days that the organization allows, and how many keys of the owner live. */
export async function findKeyBounds(
  tx: Transaction,
  organizationId: string,
  owner: ApiKeyOwner,
): Promise<{ maximumDays: number | null; live: number }> {
  const id = owner.memberId ?? owner.serviceAccountId ?? owner.projectId
  const [row] = await tx.query<{ maximumDays: number | null; live: number }>(BOUNDS[owner.kind], [organizationId, id])
  return row!
}

/** @throws LIMIT_EXCEEDED  when the owner has as many live keys as it may */
export function refuseTooManyKeys(live: number): void {
  if (live < MOST_LIVE_KEYS) return
  throw new AppError(
    'LIMIT_EXCEEDED',
    `One owner has at most ${MOST_LIVE_KEYS} live keys; revoke some that nobody uses.`,
  )
}

/** Changes what people may change of a key. */
export async function updateApiKeyRow(
  tx: Transaction,
  organizationId: string,
  id: string,
  key: { name: string; permissions: readonly string[] | null; expiresAt: Date | null },
): Promise<void> {
  await tx.execute(UPDATE, [organizationId, id, key.name, key.permissions, key.expiresAt])
}

/** Lets a key end in so many hours, unless it ends sooner. */
export async function endApiKeyIn(tx: Transaction, organizationId: string, id: string, hours: number): Promise<void> {
  await tx.execute(END_IN, [organizationId, id, hours])
}

/** Revokes a key for good. @returns  false when it was revoked already */
export async function revokeApiKeyRow(
  tx: Transaction,
  organizationId: string,
  id: string,
  reason: ApiKeyRevocationReason,
): Promise<boolean> {
  return (await tx.execute(REVOKE, [organizationId, id, reason])) === 1
}

const INSERT: Statement = {
  name: 'insert-api-key',
  text: `
INSERT INTO api_keys (organization_id, id, token_hash, preview, name, owner_kind, member_id, member_epoch, service_account_id,
                      project_id, permissions, created_by_id, created_by_name, rotated_from_id, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT epoch FROM members WHERE organization_id = $1 AND id = $7), $8,
        $9, $10, $11, $12, $13, $14)`,
}
const bounds = (kind: string, isOwned: string): Statement => ({
  name: `find-bounds-of-keys-of-${kind}`,
  text: `
SELECT o.api_key_max_lifetime_days AS "maximumDays", (
  SELECT count(*)::int FROM api_keys k WHERE k.organization_id = $1 AND ${isOwned} AND ${isLiveKey('k')}) AS live
FROM organizations o WHERE o.organization_id = $1`,
})
const BOUNDS: Record<ApiKeyOwnerKind, Statement> = {
  MEMBER: bounds('member', 'k.member_id = $2'),
  SERVICE_ACCOUNT: bounds('service-account', 'k.service_account_id = $2'),
  PROJECT: bounds('project', "k.project_id = $2 AND k.owner_kind = 'PROJECT'"),
}
const UPDATE: Statement = {
  name: 'update-api-key',
  // Of another end people are warned anew.
  text: `
UPDATE api_keys SET name = $3, permissions = $4, expires_at = $5,
  warned_days = CASE WHEN expires_at IS NOT DISTINCT FROM $5 THEN warned_days END
WHERE organization_id = $1 AND id = $2`,
}
const END_IN: Statement = {
  name: 'end-api-key-in',
  text: `
UPDATE api_keys SET expires_at = least(expires_at, now() + make_interval(hours => $3))
WHERE organization_id = $1 AND id = $2`,
}
const REVOKE: Statement = {
  name: 'revoke-api-key',
  text: `
UPDATE api_keys SET revoked_at = now(), revocation_reason = $3
WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL`,
}
