/**
 * Identity providers for development and tests, on the loopback interface: whoever opens a page signs in as anybody. One
 * is for people without a company, by OpenID Connect; further ones stand for companies, by OpenID Connect and SAML.
 * Started by development commands only, with development dependencies that production does not install.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { selfSignedCertificate } from '../../platform/crypto'
import type { Account, Person } from './account'
import { CLIENT_ID, type Company, type CompanyConnection } from './company'
import { type CompanySite, createCompanySite } from './company-site'
import { CompanyState } from './company-state'
import { renderHomePage } from './home.page'
import { answerInteraction, sendPage } from './interaction.handler'
import { signingJwk } from './jwt'
import { isOidcProviderInstalled, loadOidcProvider } from './load-oidc-provider'
import { buildConfiguration, interactionPath } from './provider.configuration'
import { renderRefusedPage } from './refused.page'
import { isSamlpInstalled } from './saml/load-samlp'

export { type Company, type CompanyConnection, connectionOf } from './company'

/** How to start the local identity provider. */
export type LocalIdentityProviderOptions = {
  /** TCP port on 127.0.0.1; 0 takes a free one */
  port: number
  /** callback URLs of Gatehouse, compared exactly */
  redirectUris: string[]
  /** who is offered on the page; asked anew for each page */
  people: () => Promise<Person[]>
  /** whose employees sign in here, at Gatehouse's connections; nobody's when absent */
  companies?: readonly Company[]
  /** origins under which Gatehouse's connections are reached; answers of companies go nowhere else */
  gatehouseOrigins?: readonly string[]
}

/** A running local identity provider and the clients registered with it. */
export type LocalIdentityProvider = {
  /** `http://127.0.0.1:PORT`, without a trailing slash */
  issuer: string
  clientId: string
  /** new at each start */
  clientSecret: string
  companies: readonly CompanyConnection[]
  /** Stops listening and drops open connections. */
  close(): Promise<void>
}

const host = '127.0.0.1'

/** Tells whether `startLocalIdentityProvider` can work here: its development dependencies are installed. */
export function isLocalIdentityProviderInstalled(): boolean {
  return isOidcProviderInstalled() && isSamlpInstalled()
}

/**
 * Starts the providers with empty storage. That of people without a company has a fresh signing key (RS256) and a fresh
 * client secret; it supports the authorization code flow with PKCE, and the claims `sub` (same address, same subject,
 * also after a restart), `name`, `email` and `email_verified`, in the ID token and at the userinfo endpoint. A company
 * adds `given_name`, `family_name`, `groups` and refresh tokens, keeps its key and secret, and says the same by SAML.
 *
 * @throws  Node's own error when the port is taken or a development dependency is missing
 */
export async function startLocalIdentityProvider(
  options: LocalIdentityProviderOptions,
): Promise<LocalIdentityProvider> {
  const { Provider } = await loadOidcProvider()
  const clientSecret = randomBytes(32).toString('hex')
  const accounts = new Map<string, Account>()
  const configuration = buildConfiguration({
    client: { id: CLIENT_ID, secret: clientSecret, redirectUris: options.redirectUris },
    signingKey: signingJwk(selfSignedCertificate('local identity provider'), randomBytes(8).toString('hex')),
    mountPath: '',
    isCompany: false,
    findAccount: (subject) => accounts.get(subject),
  })
  const server = createServer()
  server.listen(options.port, host)
  await once(server, 'listening')
  const issuer = `http://${host}:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, configuration)
  const rememberAccount = (account: Account) => void accounts.set(account.subject, account)
  const states = (options.companies ?? []).map(
    (company) => new CompanyState(company, issuer, options.gatehouseOrigins ?? []),
  )
  const companies = states.map(({ connection }) => connection)
  const sites = new Map<string, CompanySite>()
  for (const state of states) sites.set(state.company.slug, await createCompanySite(state, issuer))
  server.on('request', createListener({ provider, people: options.people, rememberAccount, companies, sites }))
  return { issuer, clientId: CLIENT_ID, clientSecret, companies, close: () => closeServer(server) }
}

type ListenerSetup = Parameters<typeof answerInteraction>[0] & {
  companies: readonly CompanyConnection[]
  sites: ReadonlyMap<string, CompanySite>
}

function createListener(setup: ListenerSetup): RequestListener {
  const { issuer } = setup.provider
  const ownHost = new URL(issuer).host
  const answerProtocol = setup.provider.callback()
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, first = ''] = new URL(request.url ?? '/', issuer).pathname.split('/')
    const site = setup.sites.get(first)
    if (site) return site(request, response)
    if (request.url === '/') return sendPage(response, 200, renderHomePage(setup.companies, issuer))
    if (request.url?.startsWith(interactionPath)) return void (await answerInteraction(setup, request, response))
    return answerProtocol(request, response)
  }
  return (request, response) => {
    // A page of another site whose name was pointed at 127.0.0.1 (DNS rebinding) must not read the list of people.
    if (request.headers.host !== ownHost) {
      return sendPage(response, 421, renderRefusedPage({ code: 'wrong_host', reason: `Only ${ownHost} is served.` }))
    }
    answer(request, response).catch(() => {
      if (response.headersSent) return response.destroy()
      sendPage(response, 500, renderRefusedPage({ code: 'server_error', reason: 'The page could not be made.' }))
    })
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
