import type { Site } from './site'

const NAMES: Readonly<Record<string, string>> = {
  EMAIL: 'E-mail code',
  GOOGLE: 'Google',
  GITHUB: 'GitHub',
  LOCAL: 'Local identity provider',
}

/** What people call a way to sign in, also when this installation no longer offers it. */
export function labelOf(site: Site, provider: string): string {
  return site.providers.find((each) => each.provider === provider)?.label ?? NAMES[provider] ?? provider
}
