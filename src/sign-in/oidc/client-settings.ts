import { allowInsecureRequests, type Configuration } from 'openid-client'

/** How this installation is known at a provider. */
export interface ClientSettings {
  readonly clientId: string
  readonly clientSecret: string
  /** Absolute address of the callback, as registered there. */
  readonly redirectUri: string
}

/** Seconds that one request to a provider may take. */
export const TIMEOUT_SECONDS = 5

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Lets a provider on this very machine be spoken to without TLS; every other one must have it. */
export function permitLoopback(address: string): (configuration: Configuration) => void {
  const { protocol, hostname } = new URL(address)
  return protocol === 'http:' && LOOPBACK.has(hostname) ? allowInsecureRequests : () => {}
}
