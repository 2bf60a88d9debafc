import type { JWK } from 'jose'
import type { Statement, Transaction } from '../../platform/database'
import type { SigningKey, SigningKeyStatus } from './signing-key.model'

/** The key that signs, with its sealed private part. */
export interface SealedSigningKey {
  readonly id: string
  /** Sealed for `signingKeySealContext`. */
  readonly sealedPrivate: Buffer
}

/** A key just made. */
export interface NewSigningKey extends SealedSigningKey {
  readonly publicKey: JWK
}

/** Every published key, the active one first. */
export async function findSigningKeys(tx: Transaction): Promise<SigningKey[]> {
  return tx.query<SigningKey>(FIND_KEYS)
}

/** Every published key, held until the commit, so that two processes never rotate at once. */
export async function lockSigningKeys(tx: Transaction): Promise<{ keys: SigningKey[]; now: Date }> {
  const keys = await tx.query<SigningKey>(LOCK_KEYS)
  // Read behind the lock: what another process has just made is as old as it says.
  const [clock] = await tx.query<{ now: Date }>(CLOCK)
  return { keys, now: clock!.now }
}

/** The key that signs; null before the first was made. */
export async function findActiveKey(tx: Transaction): Promise<SealedSigningKey | null> {
  const [key] = await tx.query<SealedSigningKey>(FIND_ACTIVE)
  return key ?? null
}

/** @returns  false when another process has made one of this status meanwhile: the unique indexes allow one */
export async function insertSigningKey(
  tx: Transaction,
  key: NewSigningKey,
  status: 'ACTIVE' | 'NEXT',
): Promise<boolean> {
  return (await tx.execute(INSERT_KEY, [key.id, key.publicKey, key.sealedPrivate, status])) === 1
}

/** Moves a key on. */
export async function setSigningKeyStatus(tx: Transaction, id: string, status: SigningKeyStatus): Promise<void> {
  await tx.execute(SET_STATUS, [id, status])
}

/** Takes keys out of the key set. */
export async function deleteSigningKeys(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.execute(DELETE_KEYS, [ids])
}

/** What a private key is sealed against: it opens in its own row only. */
export function signingKeySealContext(id: string): string {
  return `signing_keys/${id}`
}

const COLUMNS = `
SELECT id, public_key AS "publicKey", status, created_at AS "createdAt", activated_at AS "activatedAt", retired_at AS "retiredAt"
FROM signing_keys`
const FIND_KEYS: Statement = { name: 'find-signing-keys', text: `${COLUMNS} ORDER BY status, created_at DESC` }
const LOCK_KEYS: Statement = { name: 'lock-signing-keys', text: `${COLUMNS} ORDER BY id FOR UPDATE` }
const CLOCK: Statement = { name: 'clock', text: 'SELECT clock_timestamp() AS now' }
const FIND_ACTIVE: Statement = {
  name: 'find-active-signing-key',
  text: `SELECT id, sealed_private AS "sealedPrivate" FROM signing_keys WHERE status = 'ACTIVE'`,
}
const INSERT_KEY: Statement = {
  name: 'insert-signing-key',
  text: `
INSERT INTO signing_keys (id, algorithm, public_key, sealed_private, status, activated_at)
VALUES ($1, 'ES256', $2, $3, $4, CASE WHEN $4 = 'ACTIVE' THEN now() END) ON CONFLICT DO NOTHING`,
}
const SET_STATUS: Statement = {
  name: 'set-signing-key-status',
  text: `
UPDATE signing_keys SET status = $2,
  activated_at = CASE WHEN $2 = 'ACTIVE' THEN now() ELSE activated_at END,
  retired_at = CASE WHEN $2 = 'RETIRED' THEN now() END
WHERE id = $1`,
}
const DELETE_KEYS: Statement = { name: 'delete-signing-keys', text: 'DELETE FROM signing_keys WHERE id = ANY ($1)' }
