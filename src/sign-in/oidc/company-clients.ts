import { hash } from 'node:crypto'
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type IDToken,
} from 'openid-client'
import { RecentlyUsed } from '../../kernel/recently-used'
import { hasSource, type OidcSettings, ssoAddresses } from '../../modules/sso'
import type { Outside } from '../../platform/outside'
import type { Connection } from '../company/connection'
import type { ProvenAnswer } from '../company/proven-answer'
import { SsoRefusal } from '../company/refusal'
import type { SignInSecrets } from '../provider'
import { permitLoopback, TIMEOUT_SECONDS } from './client-settings'
import { oidcRefusal } from './oidc-refusal'

/** A connection that speaks OpenID Connect. */
export type OidcConnection = Connection<OidcSettings>

/** What of a sign-in is asked for besides who it is. */
export interface SignInWishes {
  /** Who is going to sign in, as typed; may be empty. */
  readonly loginHint: string
  /** The provider is to ask the person anew. */
  readonly asksAnew: boolean
}

/** Speaks OpenID Connect with the providers of companies (OpenID Connect Core §3.1, RFC 7636). */
export interface CompanyClients {
  /** Where to send the browser. Nobody outside is asked. */
  authorizationUrl(connection: OidcConnection, secrets: SignInSecrets, wishes: SignInWishes): URL
  /**
   * Redeems the code of an answer, in five seconds at most.
   * @param callback  the redirect URI as registered, with the query the browser came back with
   * @throws SsoRefusal
   */
  identify(connection: OidcConnection, callback: URL, secrets: SignInSecrets): Promise<ProvenAnswer>
}

const MOST_CLIENTS = 1_000
const FURTHEST_FUTURE_SECONDS = 60
const SIGNING: ReadonlySet<string> = new Set(['RS256', 'PS256', 'ES256', 'EdDSA'])

/** @param publicUrl  from which redirect URIs are made; never what a Host header says */
export function createCompanyClients(outside: Outside, publicUrl: string): CompanyClients {
  const configurationOf = rememberConfigurations(outside)
  return {
    authorizationUrl(connection, { state, nonce, codeVerifier }, { loginHint, asksAnew }) {
      return buildAuthorizationUrl(configurationOf(connection), {
        redirect_uri: ssoAddresses(publicUrl, connection.provider.id).redirectUri,
        scope: connection.settings.scopes.join(' '),
        state,
        nonce,
        code_challenge: codeChallengeOf(codeVerifier),
        code_challenge_method: 'S256',
        ...(loginHint && { login_hint: loginHint }),
        ...(asksAnew && { prompt: 'login' }),
        ...(connection.settings.hostedDomain && { hd: connection.settings.hostedDomain }),
      })
    },
    async identify(connection, callback, secrets) {
      try {
        return await withinTime(identify(connection, configurationOf(connection), callback, secrets))
      } catch (error) {
        throw oidcRefusal(error)
      }
    },
  }
}

// RFC 7636 §4.2, at once: openid-client hands as little as this to another thread.
function codeChallengeOf(codeVerifier: string): string {
  return hash('sha256', codeVerifier, 'base64url')
}

/**
 * One Configuration for each version of a connection: the provider's keys are cached in it. It is made of what discovery
 * gave when the connection was set up, so that nobody is asked before a code is redeemed.
 */
function rememberConfigurations({ fetch, allowsLoopback }: Outside): (connection: OidcConnection) => Configuration {
  const known = new RecentlyUsed<Configuration>(MOST_CLIENTS)
  return (connection) => {
    const key = `${connection.provider.id}/${connection.digest.toString('base64')}`
    return known.get(key, () => configure(connection, fetch, allowsLoopback === true))
  }
}

function configure(
  { settings, clientSecret }: OidcConnection,
  fetch: Outside['fetch'],
  allowsLoopback: boolean,
): Configuration {
  const { issuer, clientId, clientAuthentication, metadata } = settings
  const authentication = clientAuthentication === 'client_secret_basic' ? ClientSecretBasic : ClientSecretPost
  const algorithms = metadata.id_token_signing_alg_values_supported?.filter((each) => SIGNING.has(each))
  const server = { ...metadata, issuer, id_token_signing_alg_values_supported: algorithms }
  const configuration = new Configuration(server as never, clientId, undefined, authentication(clientSecret()))
  // The fetch keeps to it by itself, and `withinTime` to that of everything together.
  configuration.timeout = undefined
  configuration[customFetch] = (url, { method, headers, body, signal }) =>
    fetch(url, { method, headers, body: body as string | null, signal })
  // Without it openid-client believes an ID token because it came over TLS, and does not look at its signature.
  enableNonRepudiationChecks(configuration)
  if (allowsLoopback) permitLoopback(metadata.token_endpoint)(configuration)
  return configuration
}

async function identify(
  connection: OidcConnection,
  configuration: Configuration,
  callback: URL,
  { state, nonce, codeVerifier }: SignInSecrets,
): Promise<ProvenAnswer> {
  const checks = {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: codeVerifier,
    idTokenExpected: true,
  }
  const tokens = await authorizationCodeGrant(configuration, callback, checks)
  const claims = tokens.claims()
  if (!claims) throw new SsoRefusal('TOKEN_INVALID', 'The provider sent no ID token.')
  checkClaims(claims, connection.settings)
  const all = wantsMore(connection, claims)
    ? { ...(await fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims }
    : claims
  const { auth_time: authTime, sid } = claims
  return {
    claims: all,
    subject: claims.sub,
    subjectFormat: null,
    message: null,
    authenticatedAt: new Date((typeof authTime === 'number' ? authTime : claims.iat) * 1000),
    idpSession: typeof sid === 'string' ? sid.slice(0, 256) : null,
    sessionEnd: null,
    certificateFingerprint: null,
    refreshToken: tokens.refresh_token ?? null,
    idToken: connection.settings.metadata.end_session_endpoint ? (tokens.id_token ?? null) : null,
  }
}

/** What openid-client leaves to us: the issuer to the letter, the clock, and which company of a shared issuer it is. */
function checkClaims({ iss, iat, tid, hd }: IDToken, settings: OidcSettings): void {
  if (iss !== settings.issuer) throw new SsoRefusal('TOKEN_INVALID', 'The ID token is of another issuer.')
  if (iat > Date.now() / 1000 + FURTHEST_FUTURE_SECONDS)
    throw new SsoRefusal('TOKEN_INVALID', 'The ID token was issued in the future; compare the clocks.')
  if (settings.entraTenantId && tid !== settings.entraTenantId)
    throw new SsoRefusal('WRONG_TENANT', 'The person is of another directory (tid) than the issuer names.')
  if (settings.hostedDomain && hd !== settings.hostedDomain)
    throw new SsoRefusal('WRONG_TENANT', 'The person is of another Workspace (hd) than the connection names.')
}

/** Providers may keep everything but the subject to the userinfo endpoint (OpenID Connect Core §5.4). */
function wantsMore({ provider, settings }: OidcConnection, claims: IDToken): boolean {
  if (!settings.metadata.userinfo_endpoint) return false
  const wanted =
    provider.groupMappings.length > 0 ? (['email', 'name', 'groups'] as const) : (['email', 'name'] as const)
  return wanted.some((target) => !hasSource({ ...provider, settings }, claims, target))
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const refuse = () =>
      reject(new SsoRefusal('IDP_UNREACHABLE', `The provider took longer than ${TIMEOUT_SECONDS} seconds.`))
    timer = setTimeout(refuse, TIMEOUT_SECONDS * 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
