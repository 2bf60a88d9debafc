import type * as OidcProvider from 'oidc-provider'

const packageName = 'oidc-provider'

/** Tells whether the development dependency is there; a production install leaves it out. */
export function isOidcProviderInstalled(): boolean {
  try {
    require.resolve(packageName)
    return true
  } catch {
    return false
  }
}

/**
 * Loads oidc-provider on first use, so that a start without development dependencies never asks for it.
 *
 * @throws  ERR_MODULE_NOT_FOUND, Node's own error, when the package is not installed
 */
export async function loadOidcProvider(): Promise<typeof OidcProvider> {
  const warn = console.warn
  // Node 20 is older than what oidc-provider declares, and it says so on import with no setting against it. Only that
  // one line is held back: test/dev/local-identity-provider.test.ts proves on each Node what is used here.
  const warnOfOtherThings = (...line: unknown[]) => {
    if (!String(line[0]).includes('oidc-provider WARNING: Unsupported runtime')) warn(...line)
  }
  console.warn = warnOfOtherThings
  try {
    return await import('oidc-provider')
  } finally {
    if (console.warn === warnOfOtherThings) console.warn = warn
  }
}
