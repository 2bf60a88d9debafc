import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  fetchProtectedResource,
} from 'openid-client'
import { z } from 'zod'
import type { RedirectProvider } from '../provider'
import { type ClientSettings, permitLoopback, TIMEOUT_SECONDS } from './client-settings'
import { notProven } from './refusal'

/** Where GitHub lives; an Enterprise server or a test has other addresses. Without trailing slashes. */
export interface GitHubAddresses {
  readonly site: string
  readonly api: string
}

export const GITHUB: GitHubAddresses = { site: 'https://github.com', api: 'https://api.github.com' }

// `id` stays when the login name is changed; a freed login name can be taken by somebody else.
const USER = z.object({ id: z.number().int().positive(), login: z.string(), name: z.string().nullish() })
const EMAILS = z.array(z.object({ email: z.string(), verified: z.boolean(), primary: z.boolean() }))

/**
 * Signs people in at GitHub, which speaks OAuth 2 without discovery and ID tokens
 * (https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps). The token is used for two
 * questions and forgotten.
 */
export function gitHubProvider(settings: ClientSettings, addresses: GitHubAddresses = GITHUB): RedirectProvider {
  const configuration = configure(settings, addresses)
  const label = 'GitHub'
  return {
    provider: 'GITHUB',
    slug: 'github',
    label,
    async authorizationUrl({ state, codeVerifier }) {
      return buildAuthorizationUrl(configuration, {
        redirect_uri: settings.redirectUri,
        scope: 'read:user user:email',
        state,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      })
    },
    async identify(callback, { state, codeVerifier }) {
      try {
        const checks = { expectedState: state, pkceCodeVerifier: codeVerifier }
        const { access_token: token } = await authorizationCodeGrant(configuration, callback, checks)
        const user = await ask(configuration, token, `${addresses.api}/user`, USER)
        const emails = await ask(configuration, token, `${addresses.api}/user/emails?per_page=100`, EMAILS)
        const verified = emails.filter((each) => each.verified).sort((a, b) => Number(b.primary) - Number(a.primary))
        return {
          provider: 'GITHUB',
          subject: String(user.id),
          name: user.name || user.login,
          verifiedEmails: verified.map(({ email }) => email),
        }
      } catch (error) {
        throw notProven(label, error)
      }
    },
  }
}

function configure({ clientId, clientSecret }: ClientSettings, { site }: GitHubAddresses): Configuration {
  const server = {
    issuer: `${site}/login/oauth`,
    authorization_endpoint: `${site}/login/oauth/authorize`,
    token_endpoint: `${site}/login/oauth/access_token`,
  }
  const configuration = new Configuration(server, clientId, undefined, ClientSecretPost(clientSecret))
  configuration.timeout = TIMEOUT_SECONDS
  permitLoopback(site)(configuration)
  return configuration
}

async function ask<T>(configuration: Configuration, token: string, address: string, shape: z.ZodType<T>): Promise<T> {
  const headers = new Headers({ accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' })
  const response = await fetchProtectedResource(configuration, token, new URL(address), 'GET', undefined, headers)
  if (!response.ok) throw new Error(`GitHub answered ${response.status} to ${new URL(address).pathname}`)
  return shape.parse(await response.json())
}
