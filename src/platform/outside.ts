import { Resolver } from 'node:dns/promises'
import { createSafeFetch, type SafeFetch } from './safe-fetch'

/** What lies outside and is asked for tenants. Only while no transaction is held: it may be slow, or hostile. */
export interface Outside {
  readonly fetch: SafeFetch
  /** Whether addresses of this machine are fine, also without https; absent means no. */
  readonly allowsLoopback?: boolean
  /** The TXT records of a name, the strings of each joined (RFC 7208 §3.3); none when there is no such name. */
  readonly resolveTxt: (name: string) => Promise<readonly string[]>
}

const MILLISECONDS = 5_000

/** @param allowsLoopback  in development and tests, where providers run on this machine */
export function createOutside({ allowsLoopback }: { allowsLoopback: boolean }): Outside {
  const resolver = new Resolver({ timeout: MILLISECONDS, tries: 2 })
  return {
    fetch: createSafeFetch({ allowsLoopback }),
    allowsLoopback,
    resolveTxt: async (name) => {
      try {
        return (await resolver.resolveTxt(name)).map((strings) => strings.join(''))
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'ENOTFOUND' || code === 'ENODATA') return []
        throw error
      }
    },
  }
}
