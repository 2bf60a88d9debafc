import { inflateRawSync } from 'node:zlib'
import { fromTypeId } from '../../src/kernel/ids'
import type { SelfSigned } from '../../src/platform/crypto'
import type { SamlExpectation } from '../../src/sign-in/saml'
import type { BrowserAnswer } from './browser'
import type { Gatehouse } from './gatehouse'
import { arrangeSsoOrganization, CompanyBrowser, pathOf, type SsoOrganization } from './sso-company'
import type { TestOrganization } from './world'

/** An organization in SSO mode that has proven `{name}.example`: neither the switch nor the record is a subject here. */
export async function arrangeCompany(gatehouse: Gatehouse, name: string): Promise<SsoOrganization> {
  const organization = await arrangeSsoOrganization(gatehouse, name)
  const domain = `${name.toLowerCase()}.example`
  await gatehouse.superuser.rows('INSERT INTO verified_domains (domain, organization_id) VALUES ($1, $2)', [
    domain,
    organization.uuid,
  ])
  return { ...organization, domain }
}

let connections = 0

/** What an Admin enters for an OpenID provider. */
export interface OpenidProviderSettings {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

/** What an Admin enters for a SAML provider. */
export interface SamlProviderSettings {
  readonly idpEntityId: string
  readonly certificates: readonly string[]
}

/** Sets up a connection over the API and activates it as if a test had passed. @returns its TypeID */
export async function connect(
  { superuser }: Gatehouse,
  { id, admin }: TestOrganization,
  protocol: { oidc: OpenidProviderSettings } | { saml: SamlProviderSettings },
  changes: Record<string, unknown> = {},
): Promise<string> {
  connections += 1
  const input = { vendor: 'OTHER', name: `Connection ${connections}`, protocol: settingsOf(protocol) }
  const answer = await admin.organization.send(CREATE, { org: id, input })
  if (!answer.data) throw new Error(JSON.stringify(answer.errors))
  const { provider, userErrors } = answer.data.createSsoProvider
  if (!provider) throw new Error(JSON.stringify(userErrors))
  const providerId = provider.id as string
  if (Object.keys(changes).length > 0) {
    const updated = await admin.organization.send(UPDATE, { id: providerId, input: changes })
    if (updated.data.updateSsoProvider.userErrors.length > 0)
      throw new Error(JSON.stringify(updated.data.updateSsoProvider.userErrors))
  }
  await superuser.rows(
    `UPDATE sso_providers SET status = 'ACTIVE', organization_mode = 'SSO', tested_digest = settings_digest WHERE id = $1`,
    [fromTypeId('SsoProvider', providerId)],
  )
  return providerId
}

function settingsOf(protocol: { oidc: OpenidProviderSettings } | { saml: SamlProviderSettings }) {
  if ('oidc' in protocol) {
    const { issuer, clientId, clientSecret } = protocol.oidc
    return { oidc: { issuer, clientId, clientSecret } }
  }
  const { idpEntityId, certificates } = protocol.saml
  return { saml: { idpSsoUrl: 'https://idp.example.com/sso', idpEntityId, certificates } }
}

const CREATE = `mutation ($org: ID!, $input: CreateSsoProviderInput!) { createSsoProvider(organizationId: $org, input: $input) {
  provider { id } userErrors { code path message } } }`
const UPDATE = `mutation ($id: ID!, $input: UpdateSsoProviderInput!) { updateSsoProvider(id: $id, input: $input) {
  userErrors { code path message } } }`

/** How a sign-in ended in the browser. */
export interface SignInEnd extends BrowserAnswer {
  /** The session that it has opened, `gos_…`; null when it was refused. */
  readonly session: string | null
}

/** A browser whose sign-in goes to a provider of ours that does what it is told. */
export class VictimBrowser extends CompanyBrowser {
  /** Begins; @returns where the browser is sent to. */
  async begin(providerId: string, query = ''): Promise<URL> {
    const answer = await this.get(`/sso/${providerId}/start${query}`)
    if (!answer.location) throw new Error(`The sign-in did not begin: ${answer.status} ${answer.html}`)
    return new URL(answer.location)
  }

  /** Signs in by OpenID Connect at a provider that asks nobody. */
  async signInByOidc(providerId: string, query = ''): Promise<SignInEnd> {
    return this.return(await authorize(await this.begin(providerId, query)))
  }

  /** Comes back to an address of Gatehouse, whatever its public name, and follows it through. */
  return(address: string): Promise<SignInEnd> {
    return this.through(this.get(pathOf(address)))
  }

  /** Begins a sign-in by SAML. @returns what a response must answer, and how it is posted */
  async beginSaml(providerId: string, query = ''): Promise<SamlExchange> {
    const url = await this.begin(providerId, query)
    const request = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString()
    const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(request)?.[1] ?? ''
    const acsUrl = attribute('AssertionConsumerServiceURL')
    const relayState = url.searchParams.get('RelayState') ?? ''
    const spEntityId = /<saml:Issuer[^>]*>([^<]*)</.exec(request)?.[1] ?? ''
    const expected = { spEntityId, acsUrl, requestId: attribute('ID'), now: new Date() }
    const post = (field: string) => this.postResponse(acsUrl, { SAMLResponse: field, RelayState: relayState })
    return { request, relayState, expected, post }
  }

  /** Posts a response from the provider's page, and follows where that leads. */
  postResponse(acsUrl: string, fields: Record<string, string>): Promise<SignInEnd> {
    return this.through(this.postFromProvider(pathOf(acsUrl), fields))
  }

  private async through(first: Promise<BrowserAnswer>): Promise<SignInEnd> {
    const answer = await first
    const isOurs = answer.location !== null && /^http:\/\/(?:localhost|127\.0\.0\.1):\d+\//.test(answer.location)
    const end = isOurs ? await this.follow(this.get(pathOf(answer.location!))) : answer
    return { ...end, session: this.session }
  }
}

/** A sign-in by SAML that has begun. */
export interface SamlExchange {
  /** The AuthnRequest, XML. */
  readonly request: string
  readonly relayState: string
  readonly expected: Omit<SamlExpectation, 'idpEntityId'>
  /** Posts a response to it and follows where that leads. */
  post(field: string): Promise<SignInEnd>
}

/** Asks a provider that asks nobody. @returns where it sends the browser back to */
export async function authorize(url: URL): Promise<string> {
  const answer = await fetch(url, { redirect: 'manual' })
  const location = answer.headers.get('location')
  if (!location) throw new Error(`The provider did not send the browser back: ${answer.status}`)
  return location
}

/** A SAML provider of tests: nothing runs there, since only the browser speaks with it. */
export function samlProvider(name: string, key: SelfSigned): SamlProviderSettings & { key: SelfSigned } {
  return { idpEntityId: `https://${name}.example/metadata`, certificates: [key.certificate], key }
}
