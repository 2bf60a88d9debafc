import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import * as client from 'openid-client'
import { DEMO_COMPANIES } from '../../src/dev/companies'
import {
  type CompanyConnection,
  type LocalIdentityProvider,
  startLocalIdentityProvider,
} from '../../src/dev/local-identity-provider'
import { discoverOidc, readSamlMetadata } from '../../src/modules/sso'
import { createOutside } from '../../src/platform/outside'
import { endSchemaChecks, readSamlResponse, SamlRefusal } from '../../src/sign-in/saml'
import { pickPerson, pickPersonBySaml } from '../support/sign-in-at-identity-provider'

const GATEHOUSE = 'http://localhost:4000'
const redirectUri = `${GATEHOUSE}/sso/oidc/sso_1/callback`
const spEntityId = `${GATEHOUSE}/sso/saml/sso_2`
const acsUrl = `${spEntityId}/acs`
const REQUEST_ID = '_request1'
const PLACE = { allowsLoopback: true, path: [] }

let identityProvider: LocalIdentityProvider
let initech: CompanyConnection
let acme: CompanyConnection

beforeAll(async () => {
  identityProvider = await startLocalIdentityProvider({
    port: 0,
    redirectUris: [],
    people: async () => [],
    companies: DEMO_COMPANIES,
    gatehouseOrigins: [GATEHOUSE],
  })
  ;[initech, acme] = identityProvider.companies as [CompanyConnection, CompanyConnection]
})

afterAll(async () => {
  await identityProvider?.close()
  await endSchemaChecks()
})

describe('a company at the local identity provider', () => {
  it('is found by its issuer, and by its metadata', async () => {
    const outside = createOutside({ allowsLoopback: true })
    const { issuer } = initech.oidc
    const discovered = await discoverOidc(outside, { issuer, vendor: 'DEMO', hostedDomain: null }, [])
    expect(discovered.metadata.token_endpoint).toBe(`${issuer}/token`)
    const metadata = readSamlMetadata(await (await fetch(initech.saml.metadataUrl)).text(), PLACE)
    expect(metadata).toMatchObject({ idpEntityId: initech.saml.entityId, ssoUrl: initech.saml.ssoUrl })
    expect(metadata.certificates).toHaveLength(1)
  })

  it('says the same of a person by both protocols, with their groups', async () => {
    const { claims } = await signInByOidc(initech, 'karen@initech.example')
    const person = { name: 'Karen Jones', email: 'karen@initech.example' }
    expect(claims).toMatchObject({ ...person, given_name: 'Karen', family_name: 'Jones' })
    expect(claims?.groups).toEqual(['engineering', 'staff'])
    const { subject, attributes } = await signInBySaml(initech, 'karen@initech.example')
    expect(subject).toBe(claims?.sub)
    expect(Object.fromEntries(attributes)).toEqual({
      name: ['Karen Jones'],
      email: ['karen@initech.example'],
      firstName: ['Karen'],
      lastName: ['Jones'],
      groups: ['engineering', 'staff'],
    })
  })

  it('takes any address and any groups', async () => {
    const { claims } = await signInByOidc(initech, 'new@initech.example', { name: 'New One', groups: 'a, b ,,c' })
    expect(claims).toMatchObject({ name: 'New One', groups: ['a', 'b', 'c'] })
    const { attributes } = await signInBySaml(initech, 'new@initech.example', { groups: 'a,b' })
    expect(attributes.get('groups')).toEqual(['a', 'b'])
  })

  it('offers its own people only, and every answer', async () => {
    const page = await (await fetch(ssoUrl(acme))).text()
    expect(page).toContain('Sign in at Acme')
    expect(page).toContain('value="grace@acme.example"')
    expect(page).not.toContain('initech.example')
    expect(page).toContain('<option value="two-assertions">')
  })

  it('keeps issuer, secret and certificate over restarts, apart from those of other companies', async () => {
    const second = await startLocalIdentityProvider({
      port: 0,
      redirectUris: [],
      people: async () => [],
      companies: DEMO_COMPANIES,
    })
    await second.close()
    expect(second.companies[0]?.oidc.clientSecret).toBe(initech.oidc.clientSecret)
    expect(second.companies[0]?.saml.certificate).toBe(initech.saml.certificate)
    expect(acme.saml.certificate).not.toBe(initech.saml.certificate)
    expect(acme.oidc.clientSecret).not.toBe(initech.oidc.clientSecret)
  })

  it.each([
    'http://localhost:4000/elsewhere',
    'http://localhost:4000/sso/oidc/../../callback',
    'http://localhost:4000/sso/oidc/sso_1/callback?x=1',
    'http://evil.example/sso/oidc/sso_1/callback',
  ])('sends nobody to %s', async (address) => {
    await expect(signInByOidc(initech, 'ida@initech.example', {}, address)).rejects.toThrow('400')
    await expect(signInBySaml(initech, 'ida@initech.example', {}, address)).rejects.toThrow('400')
  })
})

describe('an answer by OpenID Connect that is', () => {
  it.each([
    ['denied', /access_denied|authorization response from the server is an error/],
    ['expired', /unexpected JWT "exp"|timestamp/],
    ['wrong-audience', /"aud"/],
    ['wrong-issuer', /"iss"/],
    ['other-request', /"nonce"/],
    ['replay', /server responded with an error/],
    ['wrong-key', /signature/],
    ['unsigned', /"alg"|alg/],
    ['tampered', /signature/],
  ])('%s is refused by openid-client', async (answer, message) => {
    await signInByOidc(initech, 'ida@initech.example')
    const refusal = await signInByOidc(initech, 'ida@initech.example', { answer }).catch((error: unknown) => error)
    expect(texts(refusal)).toMatch(message)
  })

  it('without an address has none at the userinfo endpoint either', async () => {
    const { claims, userInfo } = await signInByOidc(initech, 'ida@initech.example', { answer: 'no-address' })
    expect(claims).toMatchObject({ name: 'Ida Rhodes' })
    expect({ ...claims, ...userInfo }).not.toHaveProperty('email')
  })

  it('about another subject has the same address', async () => {
    const ida = await signInByOidc(initech, 'ida@initech.example')
    const other = await signInByOidc(initech, 'ida@initech.example', { answer: 'new-subject' })
    expect(other.claims?.sub).not.toBe(ida.claims?.sub)
    expect(other.claims?.email).toBe('ida@initech.example')
  })
})

describe('an answer by SAML that is', () => {
  it.each([
    ['denied', 'STATUS'],
    ['expired', 'TIME'],
    ['wrong-audience', 'AUDIENCE'],
    ['wrong-recipient', 'RECIPIENT'],
    ['wrong-issuer', 'ISSUER'],
    ['other-request', 'CORRELATION'],
    ['unasked', 'CORRELATION'],
    ['wrong-key', 'SIGNATURE'],
    ['unsigned', 'STRUCTURE'],
    ['tampered', 'SIGNATURE'],
    ['sha1', 'ALGORITHM'],
    ['two-assertions', 'STRUCTURE'],
  ])('%s is refused with %s', async (answer, code) => {
    const refusal = await signInBySaml(initech, 'ida@initech.example', { answer }).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(SamlRefusal)
    expect((refusal as SamlRefusal).code).toBe(code)
  })

  it('without an address has none', async () => {
    const { attributes } = await signInBySaml(initech, 'ida@initech.example', { answer: 'no-address' })
    expect(attributes.has('email')).toBe(false)
  })

  it('repeated is the last one, to the letter', async () => {
    const first = await pickPersonBySaml(ssoUrl(initech), 'ida@initech.example')
    const second = await pickPersonBySaml(ssoUrl(initech), 'karen@initech.example', { answer: 'replay' })
    expect(second.fields.SAMLResponse).toBe(first.fields.SAMLResponse)
  })

  it('no answer to a request of ours at all is a page, not a crash', async () => {
    for (const query of [
      '',
      '?SAMLRequest=',
      '?SAMLRequest=AAAA',
      `?SAMLRequest=${encodeURIComponent('a'.repeat(4000))}`,
    ]) {
      const { status } = await fetch(`${initech.saml.ssoUrl}${query}`)
      expect(status).toBe(400)
    }
  })
})

describe('the page of a company', () => {
  const set = (fields: Record<string, string>) =>
    fetch(initech.oidc.issuer, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

  it('shows what is to be entered, and what was done', async () => {
    await signInBySaml(initech, 'mary@initech.example', { answer: 'expired' }).catch(() => {})
    const page = await (await fetch(initech.oidc.issuer)).text()
    for (const value of [initech.oidc.issuer, initech.oidc.clientSecret, initech.saml.metadataUrl])
      expect(page).toContain(`<code>${value}</code>`)
    expect(page).toContain('Expired ten minutes ago')
    const journal = (await (await fetch(`${initech.oidc.issuer}/journal`)).json()) as object[]
    expect(journal[0]).toMatchObject({ protocol: 'SAML', email: 'mary@initech.example', what: 'expired', to: acsUrl })
    expect(await (await fetch(identityProvider.issuer)).text()).toContain('href="/initech"')
  })

  it('blocks somebody: no sign-in, and no new tokens', async () => {
    const { tokens, configuration } = await signInByOidc(initech, 'annie@initech.example')
    const again = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
    await set({ do: 'block', email: 'annie@initech.example' })
    const refused = await client.refreshTokenGrant(configuration, again.refresh_token ?? '').catch((e: unknown) => e)
    expect(refused).toMatchObject({ error: 'invalid_grant' })
    const signIn = signInByOidc(initech, 'annie@initech.example')
    await expect(signIn).rejects.toMatchObject({ error: 'access_denied' })
    await expect(signInBySaml(initech, 'annie@initech.example')).rejects.toMatchObject({ code: 'STATUS' })
    await set({ do: 'unblock', email: 'annie@initech.example' })
    await signInBySaml(initech, 'annie@initech.example')
  })

  it('signs somebody out wherever they have signed in', async () => {
    const received: string[] = []
    const application = createServer((request, response) => {
      void (async () => {
        for await (const chunk of request) received.push(request.url + ' ' + String(chunk))
        response.end()
      })()
    })
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(application.address() as AddressInfo).port}`
    const provider = await startLocalIdentityProvider({
      port: 0,
      redirectUris: [],
      people: async () => [],
      companies: DEMO_COMPANIES,
      gatehouseOrigins: [origin],
    })
    const [company] = provider.companies as [CompanyConnection]
    const { claims } = await signInByOidc(company, 'ida@initech.example', {}, `${origin}/sso/oidc/sso_1/callback`)
    const body = new URLSearchParams({ do: 'sign-out', email: 'ida@initech.example' })
    await fetch(company.oidc.issuer, { method: 'POST', body, redirect: 'manual' })
    const [, token = ''] = /^\/sso\/oidc\/sso_1\/backchannel-logout logout_token=(.*)$/.exec(received.join()) ?? []
    const told = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object
    expect(told).toMatchObject({ iss: company.oidc.issuer, aud: 'gatehouse', sub: claims?.sub })
    const journal = (await (await fetch(`${company.oidc.issuer}/journal`)).json()) as object[]
    expect(journal[0]).toMatchObject({ what: 'logout', remark: 'answered 200' })
    await provider.close()
    application.closeAllConnections()
    await new Promise((resolve) => application.close(resolve))
  })

  it.each([
    ['down', /fetch failed/],
    ['failing', /500/],
    ['garbage', /not JSON|JSON/],
  ])('makes the provider %s, and only that of this company', async (condition, message) => {
    await set({ condition })
    const discovery = `${initech.oidc.issuer}/.well-known/openid-configuration`
    const asked = fetch(discovery).then(async (answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    expect(String(await asked.catch((error: unknown) => error))).toMatch(message)
    await signInBySaml(acme, 'grace@acme.example')
    await set({ condition: 'up' })
    await signInBySaml(initech, 'ida@initech.example')
  })
})

function texts(error: unknown): string {
  return error instanceof Error ? `${error.message} ${texts(error.cause)}` : JSON.stringify(error ?? '')
}

async function signInByOidc(
  { oidc }: CompanyConnection,
  email: string,
  { name = '', ...fields }: Record<string, string> = {},
  redirect_uri = redirectUri,
) {
  const configuration = await client.discovery(new URL(oidc.issuer), oidc.clientId, oidc.clientSecret, undefined, {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  })
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  })
  const callback = await pickPerson(url.href, email, name, fields)
  const tokens = await client.authorizationCodeGrant(configuration, new URL(callback), {
    pkceCodeVerifier,
    expectedState,
    expectedNonce,
  })
  const claims = tokens.claims()
  const userInfo = await client.fetchUserInfo(configuration, tokens.access_token, claims?.sub ?? '')
  return { tokens, claims, userInfo, configuration }
}

function ssoUrl({ saml }: CompanyConnection, acs = acsUrl): string {
  const request = `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${REQUEST_ID}" Version="2.0" IssueInstant="${new Date().toISOString()}" AssertionConsumerServiceURL="${acs}"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${spEntityId}</saml:Issuer></samlp:AuthnRequest>`
  const url = new URL(saml.ssoUrl)
  url.searchParams.set('SAMLRequest', deflateRawSync(request).toString('base64'))
  url.searchParams.set('RelayState', 'relay')
  return url.href
}

async function signInBySaml(
  company: CompanyConnection,
  email: string,
  fields: Record<string, string> = {},
  acs = acsUrl,
) {
  const { address, fields: posted } = await pickPersonBySaml(ssoUrl(company, acs), email, fields)
  expect([address, posted.RelayState]).toEqual([acs, 'relay'])
  return readSamlResponse(posted.SAMLResponse, [company.saml.certificate], {
    idpEntityId: company.saml.entityId,
    spEntityId,
    acsUrl,
    requestId: REQUEST_ID,
    now: new Date(),
  })
}
