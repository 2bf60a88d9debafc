import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { Outside } from '../../platform/outside'
import { SafeFetchError } from '../../platform/safe-fetch'
import { SsoRefusal } from '../company/refusal'
import { TIMEOUT_SECONDS } from './client-settings'
import type { OidcConnection } from './company-clients'

/** Whom a provider has signed out; at least one of subject and session is there. */
export interface LogoutToken {
  readonly subject: string | null
  readonly idpSession: string | null
  /** `jti`, and until when the token would be believed. */
  readonly message: { readonly id: string; readonly expiresAt: Date }
}

/** @throws SsoRefusal  the token is not one of this connection's provider for us, or its keys could not be read */
export type VerifyLogoutToken = (connection: OidcConnection, token: string) => Promise<LogoutToken>

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA']
const TYPES: ReadonlySet<string> = new Set(['jwt', 'logout+jwt', 'application/logout+jwt'])
const OLDEST_SECONDS = 120
const CLOCK_SECONDS = 30
const MOST_LENGTH = 16_384
const LONGEST_NAME = 256
const MOST_PROVIDERS = 1_000

/** Verifies logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.6) by keys that are fetched through the guard. */
export function createLogoutVerifier(outside: Outside): VerifyLogoutToken {
  const keysOf = rememberKeys(outside)
  return async (connection, token) => {
    const { issuer, clientId } = connection.settings
    if (token.length > MOST_LENGTH) throw invalid('The logout token is too long.')
    const { payload, protectedHeader } = await jwtVerify(token, keysOf(connection), {
      issuer,
      audience: clientId,
      algorithms: ALGORITHMS,
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
      maxTokenAge: OLDEST_SECONDS,
      clockTolerance: CLOCK_SECONDS,
    }).catch((error: unknown) => {
      throw refusalOf(error)
    })
    const { typ } = protectedHeader
    if (typ !== undefined && !TYPES.has(String(typ).toLowerCase())) throw invalid('The token is of another type.')
    return readLogout(payload)
  }
}

/** An ID token is signed by the same key for the same audience: event and nonce are what tells them apart. */
function readLogout({ sub, sid, jti, iat, events, nonce }: JWTPayload): LogoutToken {
  if (nonce !== undefined) throw invalid('The token has a nonce, which only ID tokens have.')
  const event = isObject(events) ? events[EVENT] : undefined
  if (!isObject(event)) throw invalid('The token does not say that somebody was signed out.')
  const [subject, idpSession, id] = [nameIn(sub), nameIn(sid), nameIn(jti)]
  if (id === null) throw invalid('The token has no usable id (jti).')
  if (subject === null && idpSession === null) throw invalid('The token names neither a person nor a session.')
  const expiresAt = new Date((Number(iat) + OLDEST_SECONDS + 2 * CLOCK_SECONDS) * 1000)
  return { subject, idpSession, message: { id, expiresAt } }
}

/** One set of keys for each version of a connection: jose remembers what it has fetched, and asks again at most each half minute. */
function rememberKeys({ fetch }: Outside): (connection: OidcConnection) => JWTVerifyGetKey {
  const known = new Map<string, JWTVerifyGetKey>()
  return ({ provider, digest, settings }) => {
    const key = `${provider.id}/${digest.toString('base64')}`
    const keys =
      known.get(key) ??
      createRemoteJWKSet(new URL(settings.metadata.jwks_uri), {
        timeoutDuration: TIMEOUT_SECONDS * 1000,
        [customFetch]: (url, { method, headers, signal }) =>
          fetch(url, { method, headers: Object.fromEntries(headers), signal }),
      })
    // What was used last goes last, so that the first is the one to forget.
    known.delete(key)
    known.set(key, keys)
    const [oldest] = known.keys()
    if (known.size > MOST_PROVIDERS && oldest) known.delete(oldest)
    return keys
  }
}

function refusalOf(error: unknown): SsoRefusal {
  const isOutage = error instanceof SafeFetchError || error instanceof errors.JWKSTimeout || isBadKeySet(error)
  if (isOutage) return new SsoRefusal('IDP_UNREACHABLE', 'The keys of the provider could not be read.', error)
  return new SsoRefusal('TOKEN_INVALID', 'The logout token does not hold.', error)
}

/** jose says so in its general error when the answer is no key set. */
function isBadKeySet(error: unknown): boolean {
  return error instanceof errors.JOSEError && (error.code === 'ERR_JOSE_GENERIC' || error.code === 'ERR_JWKS_INVALID')
}

function invalid(message: string): SsoRefusal {
  return new SsoRefusal('TOKEN_INVALID', message)
}

function nameIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME ? value : null
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
