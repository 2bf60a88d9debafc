import { type CryptoKey, importJWK, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import { fromTypeId } from '../../kernel/ids'
import { ACCESS_TOKEN_SECONDS, type TokenIssuer } from './access-token.model'
import { SIGNING_ALGORITHM, type SigningKey } from './signing-key.model'

/** What a genuine access token says; whether its session is still alive has to be looked up. */
export interface VerifiedAccessToken {
  readonly organizationId: string
  readonly sessionId: string
  /** As it stands in the token, for whoever introspects it. */
  readonly claims: JWTPayload
}

const MAXIMUM_LENGTH = 8_192

/** True for what has the form of a signed token, so that only such ones are verified. */
export function isJwt(token: string): boolean {
  return token.length <= MAXIMUM_LENGTH && /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(token)
}

/**
 * Verifies an access token of this installation (RFC 9068 §4). The algorithm and type are ours to say, never the token's;
 * its `kid` chooses among the published keys and is nothing else.
 *
 * @param keys  the published ones, read just now
 * @returns  null for everything that is not a genuine, living access token of ours
 */
export async function verifyAccessToken(
  token: string,
  keys: readonly SigningKey[],
  { issuer, audiences }: TokenIssuer,
): Promise<VerifiedAccessToken | null> {
  const options: JWTVerifyOptions = {
    algorithms: [SIGNING_ALGORITHM],
    typ: 'at+jwt',
    issuer,
    audience: [...audiences],
    requiredClaims: ['exp', 'iat', 'sub', 'jti', 'sid', 'org_id', 'membership_id'],
  }
  const byId = new Map(keys.map((key) => [key.id, key]))
  const verified = await jwtVerify(token, ({ kid }) => publicKeyOf(byId.get(kid ?? '')), options).catch(() => null)
  if (!verified) return null
  const { exp = 0, iat = 0, org_id, sid } = verified.payload
  const organizationId = fromTypeId('Organization', String(org_id))
  const sessionId = fromTypeId('Session', String(sid))
  if (!organizationId || !sessionId || exp - iat > ACCESS_TOKEN_SECONDS) return null
  return { organizationId, sessionId, claims: verified.payload }
}

// A key never changes under its id. Those of a few rotations are kept.
const imported = new Map<string, CryptoKey>()
const MOST_IMPORTED = 16

async function publicKeyOf(key: SigningKey | undefined): Promise<CryptoKey> {
  if (!key) throw new Error('No key of this id is published')
  const known = imported.get(key.id)
  if (known) return known
  const made = (await importJWK(key.publicKey, SIGNING_ALGORITHM)) as CryptoKey
  if (imported.size >= MOST_IMPORTED) imported.clear()
  imported.set(key.id, made)
  return made
}
