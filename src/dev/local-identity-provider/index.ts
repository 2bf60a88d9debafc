/**
 * An OpenID provider for development and tests, on the loopback interface: whoever opens its page signs in as anybody.
 * It is started by development commands only, and needs a development dependency that production does not install.
 */
import { generateKeyPair, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import type { JWK } from 'oidc-provider'
import type { Account, Person } from './account'
import { answerInteraction, sendPage } from './interaction.handler'
import { isOidcProviderInstalled, loadOidcProvider } from './load-oidc-provider'
import { buildConfiguration, interactionPath } from './provider.configuration'
import { renderRefusedPage } from './refused.page'

/** How to start the local identity provider. */
export type LocalIdentityProviderOptions = {
  /** TCP port on 127.0.0.1; 0 takes a free one */
  port: number
  /** callback URLs of Gatehouse, compared exactly */
  redirectUris: string[]
  /** who is offered on the page; asked anew for each page */
  people: () => Promise<Person[]>
}

/** A running local identity provider and the client registered with it. */
export type LocalIdentityProvider = {
  /** `http://127.0.0.1:PORT`, without a trailing slash */
  issuer: string
  clientId: string
  /** new at each start */
  clientSecret: string
  /** Stops listening and drops open connections. */
  close(): Promise<void>
}

const clientId = 'gatehouse'
const host = '127.0.0.1'

/** Tells whether `startLocalIdentityProvider` can work here: its development dependency is installed. */
export function isLocalIdentityProviderInstalled(): boolean {
  return isOidcProviderInstalled()
}

/**
 * Starts the provider with a fresh signing key (RS256), a fresh client secret and empty storage. It supports the
 * authorization code flow with PKCE, and the claims `sub` (same address, same subject, also after a restart), `name`,
 * `email` and `email_verified`, in the ID token and at the userinfo endpoint.
 *
 * @throws  Node's own error when the port is taken or the development dependency is missing
 */
export async function startLocalIdentityProvider(
  options: LocalIdentityProviderOptions,
): Promise<LocalIdentityProvider> {
  const { Provider } = await loadOidcProvider()
  const signingKey = await generateSigningKey()
  const clientSecret = randomBytes(32).toString('hex')
  const accounts = new Map<string, Account>()
  const configuration = buildConfiguration({
    client: { id: clientId, secret: clientSecret, redirectUris: options.redirectUris },
    signingKey,
    findAccount: (subject) => accounts.get(subject),
  })
  const server = createServer()
  server.listen(options.port, host)
  await once(server, 'listening')
  const issuer = `http://${host}:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, configuration)
  const rememberAccount = (account: Account) => void accounts.set(account.subject, account)
  server.on('request', createListener({ provider, people: options.people, rememberAccount }))
  return { issuer, clientId, clientSecret, close: () => closeServer(server) }
}

type ListenerSetup = Parameters<typeof answerInteraction>[0]

function createListener(setup: ListenerSetup): RequestListener {
  const answerProtocol = setup.provider.callback()
  const ownHost = new URL(setup.provider.issuer).host
  return (request, response) => {
    // A page of another site whose name was pointed at 127.0.0.1 (DNS rebinding) must not read the list of people.
    if (request.headers.host !== ownHost) {
      return sendPage(response, 421, renderRefusedPage({ code: 'wrong_host', reason: `Only ${ownHost} is served.` }))
    }
    if (!request.url?.startsWith(interactionPath)) return void answerProtocol(request, response)
    answerInteraction(setup, request, response).catch(() => {
      if (response.headersSent) return response.destroy()
      sendPage(response, 500, renderRefusedPage({ code: 'server_error', reason: 'The page could not be made.' }))
    })
  }
}

async function generateSigningKey(): Promise<JWK> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const jwk = privateKey.export({ format: 'jwk' })
  return { ...jwk, alg: 'RS256', use: 'sig', kid: randomBytes(8).toString('hex') } as JWK
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
