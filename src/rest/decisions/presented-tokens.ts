import { anonymousCaller, Operation } from '../../access'
import type { PresentedSubject } from '../../modules/decisions'
import { isJwt, publishedKeys, type VerifiedAccessToken, verifyAccessToken } from '../../modules/tokens'
import { readToken } from '../../platform/crypto'
import type { ServiceOptions } from './service-options'

/** Whom a secret speaks for, unproven as yet, and in which organization. */
export interface TokenSubject {
  readonly organizationId: string
  readonly subject: PresentedSubject
}

/** The access tokens of a request that are genuine. */
export type VerifiedTokens = ReadonlyMap<string, VerifiedAccessToken>

const NONE: VerifiedTokens = new Map()

/**
 * Verifies what looks like an access token, by the key set as it is now: one trip to the database where there is any.
 * @param presented  at most 100 different ones are looked at
 */
export async function verifyPresented(
  { spine, tokens }: ServiceOptions,
  requestId: string,
  presented: readonly unknown[],
): Promise<VerifiedTokens> {
  const candidates = new Set(presented.filter((text): text is string => typeof text === 'string' && isJwt(text)))
  if (candidates.size === 0) return NONE
  const caller = anonymousCaller({ id: requestId, ip: null, userAgent: null })
  const keys = await new Operation(spine, caller).execute(publishedKeys, {})
  const verified = new Map<string, VerifiedAccessToken>()
  for (const token of [...candidates].slice(0, MOST_VERIFIED)) {
    const read = await verifyAccessToken(token, keys, tokens)
    if (read) verified.set(token, read)
  }
  return verified
}

const MOST_VERIFIED = 100

/** Whom a secret speaks for: an API key, a session of an organization or a token of one; null for anything else. */
export function readTokenSubject(secret: string, verified: VerifiedTokens): TokenSubject | null {
  const signed = verified.get(secret)
  if (signed) return { organizationId: signed.organizationId, subject: { kind: 'SESSION', id: signed.sessionId } }
  const isKey = secret.startsWith('gak_')
  const token = readToken(isKey ? 'apiKey' : 'organizationSession', secret)
  if (!token?.organizationId) return null
  const kind = isKey ? 'API_KEY_TOKEN' : 'SESSION_TOKEN'
  return { organizationId: token.organizationId, subject: { kind, tokenHash: token.hash } }
}
