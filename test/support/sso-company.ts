import {
  type Company,
  type CompanyConnection,
  type LocalIdentityProvider,
  startLocalIdentityProvider,
} from '../../src/dev/local-identity-provider'
import { fromTypeId } from '../../src/kernel/ids'
import { selfSignedCertificate } from '../../src/platform/crypto'
import { type BrowserAnswer, TestBrowser } from './browser'
import { type Gatehouse, startGatehouse } from './gatehouse'
import type { Answer } from './graphql-client'
import { pickPerson, pickPersonBySaml } from './sign-in-at-identity-provider'
import { enterSsoMode } from './sso'
import { found, type TestOrganization } from './world'

/** The company of the tests: anybody may be typed, with any groups. */
const GLOBEX: Company = {
  slug: 'globex',
  name: 'Globex',
  clientSecret: 'globex-secret-of-tests',
  key: selfSignedCertificate('globex'),
  people: [],
}

/** A Gatehouse beside an identity provider that companies sign in at, by OpenID Connect and SAML, over real HTTP. */
export interface World {
  readonly gatehouse: Gatehouse
  readonly idp: CompanyConnection
  /** How the provider is as a whole: up, slow, down, failing, garbage. */
  setCondition(condition: string): Promise<void>
  close(): Promise<void>
}

/** Starts both. @param options.withAccounts  people can sign in to accounts of their own at the same provider */
export async function startWorld(
  settings: Record<string, string> = {},
  { withAccounts = false }: { withAccounts?: boolean } = {},
): Promise<World> {
  const redirectUris = [`${PUBLIC_URL}/login/local/callback`]
  const options = { redirectUris, people: async () => [], companies: [GLOBEX], gatehouseOrigins: [PUBLIC_URL] }
  const identityProvider: LocalIdentityProvider = await startLocalIdentityProvider({ port: 0, ...options })
  const surroundings = { signInsPerMinute: 10_000, ...(withAccounts && { localIdentityProvider: identityProvider }) }
  const gatehouse = await startGatehouse(settings, surroundings)
  const [idp] = identityProvider.companies as [CompanyConnection]
  return {
    gatehouse,
    idp,
    async setCondition(condition) {
      const body = new URLSearchParams({ condition })
      const answer = await fetch(idp.oidc.issuer, { method: 'POST', body, redirect: 'manual' })
      if (answer.status >= 400) throw new Error(`The provider did not take the condition: ${answer.status}`)
    },
    async close() {
      await gatehouse.close()
      await identityProvider.close()
    },
  }
}

const PUBLIC_URL = 'http://localhost:4000'

/** An organization in SSO mode with a proven domain. */
export interface SsoOrganization extends TestOrganization {
  readonly domain: string
}

let organizations = 0

/** Founds one; the switch of the mode and the record in the DNS are no subject here. */
export async function arrangeSsoOrganization(gatehouse: Gatehouse, name = 'Globex'): Promise<SsoOrganization> {
  organizations += 1
  const organization = await found(gatehouse, name)
  const domain = `${name.toLowerCase()}-${organizations}.example`
  await gatehouse.superuser.rows('INSERT INTO verified_domains (domain, organization_id) VALUES ($1, $2)', [
    domain,
    organization.uuid,
  ])
  await enterSsoMode(gatehouse, organization)
  return { ...organization, domain }
}

/** Sets a connection up over the API. @returns its TypeID */
export async function setUpConnection(
  { admin, id }: TestOrganization,
  idp: CompanyConnection,
  protocol: 'OIDC' | 'SAML',
  changes: Record<string, unknown> = {},
): Promise<string> {
  organizations += 1
  const { issuer, clientId, clientSecret } = idp.oidc
  const settings =
    protocol === 'OIDC' ? { oidc: { issuer, clientId, clientSecret } } : { saml: { metadataUrl: idp.saml.metadataUrl } }
  const input = { name: `${protocol} ${organizations}`, vendor: 'DEMO', protocol: settings }
  const { createSsoProvider } = await ask(admin, CREATE, { id, input })
  const providerId = createSsoProvider.provider.id as string
  if (Object.keys(changes).length > 0) await ask(admin, UPDATE, { id: providerId, input: changes })
  return providerId
}

/** Sets a connection up, tests it by a live sign-in, and activates it: all of it as an Admin does. @returns its TypeID */
export async function connect(
  { gatehouse, idp }: World,
  organization: SsoOrganization,
  protocol: 'OIDC' | 'SAML',
  changes: Record<string, unknown> = {},
): Promise<string> {
  const providerId = await setUpConnection(organization, idp, protocol, changes)
  await testConnection(gatehouse, organization, providerId, protocol)
  await ask(organization.admin, ACTIVATE, { id: providerId })
  return providerId
}

/** A test sign-in of the Admin. @returns the page that it ends with */
export async function testConnection(
  gatehouse: Gatehouse,
  { admin, domain }: SsoOrganization,
  providerId: string,
  protocol: 'OIDC' | 'SAML',
  answer = 'proper',
  email = `tester@${domain}`,
): Promise<BrowserAnswer> {
  const { testSsoProvider } = await ask(admin, TEST, { id: providerId })
  const browser = new CompanyBrowser(gatehouse.url)
  const start = pathOf(testSsoProvider.testRun.startUrl)
  return browser.signInFrom(start, protocol, email, { name: 'Tess Ter', answer })
}

/** Asks over the API as an Admin. @throws when it is refused */
async function ask(admin: TestOrganization['admin'], document: string, variables: Record<string, unknown>) {
  const { data, errors } = await admin.organization.send(document, variables)
  const [payload] = Object.values((data ?? {}) as Record<string, { userErrors: unknown[] } | null>)
  if (errors || !payload || payload.userErrors.length > 0) throw new Error(JSON.stringify(errors ?? payload))
  return data as Answer
}

const ERRORS = 'userErrors { code path message }'
const CREATE = `mutation ($id: ID!, $input: CreateSsoProviderInput!) {
  createSsoProvider(organizationId: $id, input: $input) { provider { id } ${ERRORS} } }`
const UPDATE = `mutation ($id: ID!, $input: UpdateSsoProviderInput!) {
  updateSsoProvider(id: $id, input: $input) { ${ERRORS} } }`
const TEST = `mutation ($id: ID!) { testSsoProvider(id: $id) { testRun { startUrl } ${ERRORS} } }`
const ACTIVATE = `mutation ($id: ID!) { activateSsoProvider(id: $id) { ${ERRORS} } }`

/** Who signs in, and how the provider answers. */
export interface Answering {
  name?: string
  /** Comma-separated. */
  groups?: string
  /** One of those of the local identity provider, e.g. `expired`. */
  answer?: string
}

/** A browser in which somebody signs in through the company. */
export class CompanyBrowser extends TestBrowser {
  /** `gos_…`, once somebody is signed in. */
  get session(): string | null {
    return this.cookies.get('gatehouse_organization') ?? null
  }

  /** Signs somebody in from the start page of a connection. @returns the last answer, which is not a redirect of ours */
  signIn(
    providerId: string,
    protocol: 'OIDC' | 'SAML',
    email: string,
    answering: Answering = {},
    query = '',
  ): Promise<BrowserAnswer> {
    return this.signInFrom(`/sso/${providerId}/start${query}`, protocol, email, answering)
  }

  /** The same from any path that leads to the provider. */
  async signInFrom(
    path: string,
    protocol: 'OIDC' | 'SAML',
    email: string,
    answering: Answering = {},
  ): Promise<BrowserAnswer> {
    const back = await this.wayBack(path, protocol, email, answering)
    return back()
  }

  /** Goes to the provider and signs in there. @returns what takes the browser back */
  async wayBack(
    path: string,
    protocol: 'OIDC' | 'SAML',
    email: string,
    { name = '', groups = '', answer = 'proper' }: Answering = {},
  ): Promise<() => Promise<BrowserAnswer>> {
    const { location, html, status } = await this.get(path)
    if (!location) throw new Error(`The sign-in did not begin: ${status} ${html}`)
    const fields = { name, groups, answer }
    if (protocol === 'OIDC') {
      const address = await pickPerson(location, email, name, fields)
      return () => this.follow(this.get(pathOf(address)))
    }
    const { address, fields: form } = await pickPersonBySaml(location, email, fields)
    return () => this.follow(this.postFromProvider(pathOf(address), form))
  }

  /** Posts from a page of the provider: another site, so that no cookie of `SameSite=Lax` comes along. */
  async postFromProvider(path: string, fields: Record<string, string>): Promise<BrowserAnswer> {
    const kept = [...this.cookies]
    this.cookies.clear()
    const answer = await this.post(path, fields, {
      origin: 'https://idp.example.com',
      'sec-fetch-site': 'cross-site',
    })
    for (const [name, value] of kept) if (!this.cookies.has(name)) this.cookies.set(name, value)
    return answer
  }

  /** Follows redirects to paths of ours. */
  async follow(first: Promise<BrowserAnswer>): Promise<BrowserAnswer> {
    let answer = await first
    for (let hops = 0; answer.location?.startsWith(this.origin) && hops < 5; hops += 1)
      answer = await this.get(pathOf(answer.location))
    return answer
  }
}

/** Path and query of an address. */
export function pathOf(address: string): string {
  const { pathname, search } = new URL(address)
  return pathname + search
}

/** The UUID of a connection's TypeID. */
export function providerUuid(id: string): string {
  return fromTypeId('SsoProvider', id)!
}
