import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client'
import { SafeFetchError } from '../../platform/safe-fetch'
import { SsoRefusal } from '../company/refusal'

// RFC 6749 §4.1.2.1 and §5.2: error codes are words of printable ASCII; what a provider calls one is repeated to Admins.
const word = (code: unknown): string => (/^[\w.-]{1,60}$/.exec(String(code)) ?? ['an unknown error'])[0]

/** Why an answer of OpenID Connect proves nobody, for the Admin. */
export function oidcRefusal(error: unknown): SsoRefusal {
  if (error instanceof SsoRefusal) return error
  const outage = fetchErrorIn(error)
  if (outage) return new SsoRefusal('IDP_UNREACHABLE', outage.message, error)
  if (error instanceof AuthorizationResponseError)
    return error.error === 'access_denied'
      ? new SsoRefusal('CANCELLED', 'The provider answered access_denied.', error)
      : new SsoRefusal('PROVIDER_ERROR', `The provider answered ${word(error.error)}.`, error)
  if (error instanceof ResponseBodyError) return ofTokenEndpoint(error)
  if (error instanceof WWWAuthenticateChallengeError)
    return new SsoRefusal('CLIENT_REFUSED', `The provider answered ${error.status} to our client secret.`, error)
  if (error instanceof ClientError) return ofClient(error)
  return new SsoRefusal('TOKEN_INVALID', 'What the provider answered cannot be read.', error)
}

function ofTokenEndpoint(error: ResponseBodyError): SsoRefusal {
  const answered = `The token endpoint answered ${word(error.error)}.`
  if (error.error === 'invalid_client' || error.error === 'unauthorized_client')
    return new SsoRefusal('CLIENT_REFUSED', answered, error)
  return new SsoRefusal(error.error === 'invalid_grant' ? 'CODE_REFUSED' : 'PROVIDER_ERROR', answered, error)
}

function ofClient(error: ClientError): SsoRefusal {
  // The library says in the cause which claim it was, in its own words: nothing in it comes from the provider.
  const reason = error.cause instanceof Error ? error.cause.message : error.message
  if (isBrokenAnswer(error.code, reason))
    return new SsoRefusal('IDP_UNREACHABLE', 'The provider answered something else than it should.', error)
  return new SsoRefusal('TOKEN_INVALID', `${reason} (${word(error.code)})`.slice(0, 300), error)
}

/** True when there was no answer of the protocol at all, as opposed to a token that does not hold. */
function isBrokenAnswer(code: string | undefined, reason: string): boolean {
  if (code === 'OAUTH_PARSE_ERROR') return reason.includes('"response" body')
  return code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || code === 'OAUTH_RESPONSE_IS_NOT_JSON'
}

/** The library wraps what the guarded fetch throws. */
function fetchErrorIn(error: unknown): Error | null {
  for (let each: unknown = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth += 1) {
    if (each instanceof SafeFetchError) return each
    if (each.name === 'TimeoutError' || each.name === 'AbortError') return new Error('The provider took too long.')
  }
  return null
}
