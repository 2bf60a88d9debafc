import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  type IDToken,
} from 'openid-client'
import type { ProvenIdentity } from '../../modules/accounts'
import type { RedirectProvider } from '../provider'
import { type ClientSettings, permitLoopback, TIMEOUT_SECONDS } from './client-settings'
import { notProven, unreachable } from './refusal'

/** An OpenID provider that finds its endpoints by discovery. */
export interface OpenIdProviderSettings extends ClientSettings, Pick<RedirectProvider, 'provider' | 'slug' | 'label'> {
  /** Compared as text with what the provider and its tokens say. */
  readonly issuer: string
}

const FURTHEST_FUTURE_SECONDS = 60

/**
 * Signs people in at an OpenID provider: authorization code with PKCE, state, nonce and a verified ID token
 * (OpenID Connect Core §3.1). The provider is contacted when somebody first wants to use it.
 */
export function openIdProvider(settings: OpenIdProviderSettings): RedirectProvider {
  const { provider, slug, label, redirectUri } = settings
  const discovered = discoverOnce(settings)
  return {
    provider,
    slug,
    label,
    async authorizationUrl({ state, nonce, codeVerifier }) {
      return buildAuthorizationUrl(await discovered(), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      })
    },
    async identify(callback, { state, nonce, codeVerifier }) {
      const configuration = await discovered()
      try {
        const checks = {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        }
        const tokens = await authorizationCodeGrant(configuration, callback, checks)
        return identityOf(provider, tokens.claims())
      } catch (error) {
        throw notProven(label, error)
      }
    },
  }
}

/** One Configuration for the life of the process, since its keys are cached in it; a failure is not remembered. */
function discoverOnce(settings: OpenIdProviderSettings): () => Promise<Configuration> {
  let known: Promise<Configuration> | null = null
  return () => {
    known ??= discover(settings).catch((error: unknown) => {
      known = null
      throw unreachable(settings.label, error)
    })
    return known
  }
}

async function discover({ issuer, clientId, clientSecret }: OpenIdProviderSettings): Promise<Configuration> {
  const configuration = await discovery(new URL(issuer), clientId, undefined, ClientSecretPost(clientSecret), {
    timeout: TIMEOUT_SECONDS,
    // Without it openid-client believes an ID token because it came over TLS, and does not look at its signature.
    execute: [enableNonRepudiationChecks, permitLoopback(issuer)],
  })
  // openid-client skips this comparison for some addresses.
  const found = configuration.serverMetadata().issuer
  if (found !== issuer) throw new Error(`The provider calls itself ${found} instead of ${issuer}`)
  return configuration
}

function identityOf(provider: RedirectProvider['provider'], claims: IDToken | undefined): ProvenIdentity {
  if (!claims) throw new Error('The answer has no ID token')
  if (claims.iat > Date.now() / 1000 + FURTHEST_FUTURE_SECONDS) throw new Error('The ID token was issued in the future')
  const { sub, name, email, email_verified: isVerified } = claims
  return {
    provider,
    subject: sub,
    name: typeof name === 'string' ? name : '',
    verifiedEmails: typeof email === 'string' && isVerified === true ? [email] : [],
  }
}
