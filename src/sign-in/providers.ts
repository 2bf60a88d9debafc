import type { Config } from '../platform/config'
import { type GitHubAddresses, gitHubProvider } from './oidc/github-provider'
import { openIdProvider } from './oidc/openid-provider'
import type { RedirectProvider } from './provider'

/** The identity provider of a development process, as `main` starts it. */
export interface LocalIdentityProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

/** What the environment does not say about providers. */
export interface ProviderSurroundings {
  /** Development and tests only. */
  readonly localIdentityProvider?: LocalIdentityProvider
  readonly gitHubAddresses?: GitHubAddresses
}

/** Path to which a provider sends the browser back; registered there together with the public address. */
export function callbackPath(slug: string): string {
  return `/login/${slug}/callback`
}

/** The providers that this installation offers, in the order in which they are shown. None is contacted yet. */
export function configureProviders(
  config: Pick<Config, 'google' | 'github' | 'publicUrl'>,
  { localIdentityProvider, gitHubAddresses }: ProviderSurroundings,
): readonly RedirectProvider[] {
  const redirectUri = (slug: string): string => config.publicUrl + callbackPath(slug)
  const google = { provider: 'GOOGLE', slug: 'google', label: 'Google', issuer: 'https://accounts.google.com' } as const
  const local = { provider: 'LOCAL', slug: 'local', label: 'Local identity provider' } as const
  return [
    config.google && openIdProvider({ ...google, ...config.google, redirectUri: redirectUri('google') }),
    config.github && gitHubProvider({ ...config.github, redirectUri: redirectUri('github') }, gitHubAddresses),
    localIdentityProvider && openIdProvider({ ...local, ...localIdentityProvider, redirectUri: redirectUri('local') }),
  ].filter((provider) => provider !== undefined)
}
