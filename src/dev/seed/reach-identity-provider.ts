import { INITECH } from '../companies'
import { type CompanyConnection, connectionOf, startLocalIdentityProvider } from '../local-identity-provider'

/** A company at the local identity provider, as long as it is needed. */
export interface ReachedCompany {
  readonly idp: CompanyConnection
  /** Stops what was started here. */
  close: () => Promise<void>
}

const PATIENCE_MILLISECONDS = 2_000

/**
 * Finds the company at the identity provider of a running server, or starts one where none runs.
 * @throws Error  another program has the port
 */
export async function reachCompany(port: number, publicUrl: string): Promise<ReachedCompany> {
  const idp = connectionOf(INITECH, `http://127.0.0.1:${port}`)
  if (await isAnswering(idp)) return { idp, close: async () => {} }
  try {
    const own = await startLocalIdentityProvider({
      port,
      redirectUris: [],
      people: async () => [],
      companies: [INITECH],
      gatehouseOrigins: [new URL(publicUrl).origin],
    })
    return { idp, close: () => own.close() }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE') throw error
    throw new Error(`Another program has port ${port}: stop it, or set GATEHOUSE_DEV_IDP_PORT to another one.`)
  }
}

async function isAnswering({ oidc }: CompanyConnection): Promise<boolean> {
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS)
  try {
    const answer = await fetch(`${oidc.issuer}/.well-known/openid-configuration`, { signal })
    const { issuer } = (await answer.json()) as { issuer?: unknown }
    return issuer === oidc.issuer
  } catch {
    return false
  }
}
