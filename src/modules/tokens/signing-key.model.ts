import type { JWK } from 'jose'

/** What signs access tokens. ES256 and nothing else: every verifier knows it, and there is nothing to choose. */
export const SIGNING_ALGORITHM = 'ES256'

/** How long an answer of the key set may be remembered (Cache-Control), in seconds. */
export const KEY_SET_MAX_AGE_SECONDS = 300

const HOUR = 3_600_000
/** How long a key signs before the next one takes over by itself. */
const ACTIVE_MILLISECONDS = 30 * 24 * HOUR
/** How long a retired key stays published: a token lives five minutes, and whoever signed last may have been slow. */
const RETIRED_MILLISECONDS = HOUR

/**
 * Where a key stands. NEXT is published and signs nothing yet, ACTIVE signs, RETIRED is published until everything that
 * it signed is dead. Unique indexes allow one ACTIVE and one NEXT.
 */
export type SigningKeyStatus = 'NEXT' | 'ACTIVE' | 'RETIRED'

/** A key that is published. */
export interface SigningKey {
  /** Its `kid`: the thumbprint of the public key (RFC 7638, SHA-256). */
  readonly id: string
  readonly publicKey: JWK
  readonly status: SigningKeyStatus
  readonly createdAt: Date
  readonly activatedAt: Date | null
  readonly retiredAt: Date | null
}

/** What has to be done to the keys, in this order. */
export interface KeyChanges {
  readonly remove: readonly SigningKey[]
  readonly retire: SigningKey | null
  readonly activate: SigningKey | null
  /** Keys to be made: an ACTIVE one only where there is none at all. */
  readonly create: readonly ('ACTIVE' | 'NEXT')[]
}

/**
 * What is due. A next key is made as soon as it is missing, so that it has been published for a whole period, far longer
 * than any verifier remembers the key set, before it signs.
 *
 * @param rotate  the next key takes over now, whatever the age of the active one
 */
export function dueChanges(keys: readonly SigningKey[], now: Date, rotate = false): KeyChanges {
  const active = keys.find(({ status }) => status === 'ACTIVE') ?? null
  const next = keys.find(({ status }) => status === 'NEXT') ?? null
  const isDue = !active || rotate || age(active.activatedAt, now) >= ACTIVE_MILLISECONDS
  const takesOver = isDue && next !== null && (!active || isKnown(next, now))
  return {
    remove: keys.filter(({ status, retiredAt }) => status === 'RETIRED' && age(retiredAt, now) >= RETIRED_MILLISECONDS),
    retire: takesOver ? active : null,
    activate: takesOver ? next : null,
    create: [...(active || next ? [] : ['ACTIVE' as const]), ...(next && !takesOver ? [] : ['NEXT' as const])],
  }
}

/** True when every verifier that keeps to the cache headers has met the key. */
export function isKnown({ createdAt }: SigningKey, now: Date): boolean {
  return age(createdAt, now) >= KEY_SET_MAX_AGE_SECONDS * 1000
}

function age(since: Date | null, now: Date): number {
  return since === null ? 0 : now.getTime() - since.getTime()
}
