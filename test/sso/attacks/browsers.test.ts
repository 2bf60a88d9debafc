import { newId } from '../../../src/kernel/ids'
import { endSchemaChecks } from '../../../src/sign-in/saml'
import { KEYS, samlParts } from '../../sign-in/saml/response-builder'
import { replaced } from '../../sign-in/saml/response-cases'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { type HostileOpenidProvider, startHostileOpenidProvider } from '../../support/hostile-openid-provider'
import { arrangeCompany, authorize, connect, samlProvider, VictimBrowser } from '../../support/hostile-sign-in'
import type { SsoOrganization } from '../../support/sso-company'

const OUTSIDE = [
  '//evil.example',
  '///evil.example',
  '////evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/%09/evil.example',
  '/%5cevil.example',
  '/%2fevil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/x/..//evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https://evil.example',
  'http://localhost:4000@evil.example/',
  'http://localhost:4000.evil.example/',
  'http://evil.example#http://localhost:4000/',
  'http://evil.example\\@localhost:4000/',
  'http://localhost:4001/',
  'https://localhost:4000/',
  'javascript:alert(1)',
  'data:text/html,x',
  '@evil.example',
  'evil.example',
  '。/evil.example',
  '/／evil.example',
  'http://ｌocalhost.evil.example',
  'xn--80ak6aa92e.com',
]

const SCRIPTS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  '</title><svg/onload=alert(1)>',
  '&#60;script&#62;',
  'javascript:alert(1)',
  '{{constructor.constructor("alert(1)")()}}',
]

describe('a browser that somebody else wants to lead', () => {
  let gatehouse: Gatehouse
  let acme: SsoOrganization
  let provider: HostileOpenidProvider
  let oidc: string
  let saml: string
  const idp = samlProvider('acme', KEYS.acme)

  beforeAll(async () => {
    gatehouse = await startGatehouse({}, { signInsPerMinute: 100_000 })
    acme = await arrangeCompany(gatehouse, 'Acme')
    provider = await startHostileOpenidProvider({ sub: 'attacker', email: 'attacker@acme.example', name: 'Attacker' })
    oidc = await connect(gatehouse, acme, { oidc: provider })
    saml = await connect(gatehouse, acme, { saml: idp })
  })
  beforeEach(() => {
    provider.behaviour = {}
  })
  afterAll(async () => {
    await gatehouse.close()
    await provider.close()
    await endSchemaChecks()
  })

  const browser = () => new VictimBrowser(gatehouse.url)
  const sessionCount = async () => {
    const [row] = await gatehouse.superuser.rows<{ n: string }>('SELECT count(*) AS n FROM organization_sessions')
    return Number(row!.n)
  }
  const responseTo = ({ expected }: Awaited<ReturnType<VictimBrowser['beginSaml']>>) =>
    samlParts({ ...expected, idpEntityId: idp.idpEntityId }, `_${newId()}`).responseField()

  it('attack 8: is not signed in as the attacker by the attacker’s own answer, by OIDC or SAML', async () => {
    const [attacker, victim] = [browser(), browser()]
    await victim.begin(oidc)
    const callback = await authorize(await attacker.begin(oidc))
    expect(await victim.return(callback)).toMatchObject({ status: 410, session: null })
    const exchange = await attacker.beginSaml(saml)
    const fields = { SAMLResponse: responseTo(exchange), RelayState: exchange.relayState }
    expect(await victim.postResponse(exchange.expected.acsUrl, fields)).toMatchObject({ status: 410, session: null })
    expect((await attacker.return(callback)).session).toMatch(/^gos_/)
  })

  it('attack 8: may sign in from two tabs at once', async () => {
    const twoTabs = browser()
    const [first, second] = [await authorize(await twoTabs.begin(oidc)), await authorize(await twoTabs.begin(oidc))]
    const sessions = [(await twoTabs.return(second)).session, (await twoTabs.return(first)).session]
    expect(new Set(sessions).size).toBe(2)
    expect(sessions).toEqual([expect.stringMatching(/^gos_/), expect.stringMatching(/^gos_/)])
  })

  it.each(OUTSIDE)('attack 9: is not sent on to %j', async (returnTo) => {
    const somebody = browser()
    const callback = await authorize(await somebody.begin(oidc, `?returnTo=${encodeURIComponent(returnTo)}`))
    const url = new URL(callback)
    const { location } = await somebody.get(url.pathname + url.search)
    expect(location === null || new URL(location).origin === gatehouse.url).toBe(true)
    expect(somebody.session).toMatch(/^gos_/)
  })

  it('attack 9: is sent on by no RelayState and no state', async () => {
    const exchange = await browser().beginSaml(saml)
    expect(exchange.relayState).not.toContain('/')
    const fields = { SAMLResponse: responseTo(exchange), RelayState: 'https://evil.example/' }
    const end = await browser().postResponse(exchange.expected.acsUrl, fields)
    expect([end.location, end.session]).toEqual([null, null])
  })

  it('attack 10: is signed in by nothing that began at the provider; where that is allowed, it begins here', async () => {
    const open = await connect(gatehouse, acme, { saml: idp }, { allowsIdpInitiated: true })
    const exchange = await browser().beginSaml(open)
    const parts = samlParts({ ...exchange.expected, idpEntityId: idp.idpEntityId }, `_${newId()}`)
    const asked = replaced(` InResponseTo="${exchange.expected.requestId}"`, '')
    const before = await sessionCount()
    const field = parts.responseField({ assertion: asked, response: asked })
    const landed = browser()
    const end = await landed.postResponse(exchange.expected.acsUrl, { SAMLResponse: field, RelayState: '/evil' })
    expect([end.status, end.session]).toEqual([200, null])
    expect(end.html).toContain(`/sso/${open}/start`)
    // A response to a request is none that nobody asked for.
    const solicited = { SAMLResponse: parts.responseField(), RelayState: '' }
    expect(await browser().postResponse(exchange.expected.acsUrl, solicited)).toMatchObject({
      status: 400,
      session: null,
    })
    const unsigned = {
      SAMLResponse: parts.responseField({ sign: [], assertion: asked, response: asked }),
      RelayState: '',
    }
    expect(await browser().postResponse(exchange.expected.acsUrl, unsigned)).toMatchObject({
      status: 400,
      session: null,
    })
    expect(await sessionCount()).toBe(before)
  })

  it('attack 11: does not keep what was set in it before, and the database has nothing that opens a session', async () => {
    const victim = browser()
    const planted = `gos_${'a'.repeat(70)}`
    for (const name of ['gatehouse_organization', 'gatehouse_account']) victim.cookies.set(name, planted)
    const { session } = await victim.signInByOidc(oidc)
    expect(session).toMatch(/^gos_/)
    expect(session).not.toBe(planted)
    const again = (await victim.signInByOidc(oidc)).session
    expect(again).not.toBe(session)
    const ended = await gatehouse.client(session!).send('{ viewer { user { id } } }')
    expect(ended.data?.viewer ?? null).toBeNull()
    const rows = JSON.stringify(await gatehouse.superuser.rows('SELECT * FROM organization_sessions'))
    expect(rows).not.toContain(again!.slice(4))
  })

  it('attack 12: gets cookies that no script reads and no other site sends along with a form', async () => {
    const secure = await startGatehouse(
      { GATEHOUSE_PUBLIC_URL: 'https://gatehouse.example' },
      { signInsPerMinute: 1_000 },
    )
    const company = await arrangeCompany(secure, 'Secure')
    const id = await connect(secure, company, { oidc: provider }, { allowsOtherDomains: true })
    const visitor = new VictimBrowser(secure.url)
    const begun = await visitor.get(`/sso/${id}/start`)
    expect(visitor.setCookies.join()).toMatch(/^__Host-[\w-]+=[^;]+;.*HttpOnly/)
    const callback = new URL(await authorize(new URL(begun.location!)))
    await visitor.get(callback.pathname + callback.search)
    const session = visitor.setCookies.find((line) => line.startsWith('__Host-gatehouse_organization='))!
    for (const part of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']) expect(session).toContain(part)
    expect(session).not.toMatch(/domain=/i)
    const cookie = session.split(';')[0]!
    const send = (headers: Record<string, string>, body = '{"query":"mutation { __typename }"}') =>
      fetch(`${secure.url}/graphql`, { method: 'POST', headers: { cookie, ...headers }, body })
    const foreign = { 'content-type': 'application/json', origin: 'https://evil.example' }
    const crossSite = { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' }
    const form = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://gatehouse.example' }
    for (const headers of [foreign, { 'content-type': 'text/plain' }, form, crossSite])
      expect([400, 403, 415]).toContain((await send(headers)).status)
    const own = { 'content-type': 'application/json', origin: 'https://gatehouse.example' }
    expect((await send(own, '{"query":"{ __typename }"}')).status).toBe(200)
    await secure.close()
  })

  it('attack 23: cannot use the sign-in of one connection at another, of one protocol at the other, or of another kind', async () => {
    const other = await connect(gatehouse, acme, { oidc: provider })
    const somebody = browser()
    const callback = new URL(await authorize(await somebody.begin(oidc)))
    const elsewhere = new URL(callback)
    elsewhere.pathname = callback.pathname.replace(oidc, other)
    expect((await somebody.return(elsewhere.href)).session).toBeNull()
    const state = callback.searchParams.get('state')!
    const acsUrl = `http://localhost:4000/sso/saml/${saml}/acs`
    const exchange = await somebody.beginSaml(saml)
    const fields = { SAMLResponse: responseTo(exchange), RelayState: state }
    expect((await somebody.postResponse(acsUrl, fields)).session).toBeNull()
    for (const path of [
      `/sso/oidc/${saml}/callback?code=x&state=${state}`,
      `/sso/saml/${oidc}/continue?request=${state}`,
      `/sso/oidc/${oidc}/callback?code=x&state=${exchange.relayState}`,
      `/login/local/callback?code=x&state=${state}`,
      `/sso/saml/${saml}/continue?request=${exchange.relayState}`,
    ])
      expect([await somebody.get(path), somebody.session]).toEqual([expect.objectContaining({ location: null }), null])
  })

  it.each(SCRIPTS)('attack 25: shows nothing of what a provider says of its errors: %s', async (script) => {
    provider.behaviour = {
      callback: (sent) => {
        sent.delete('code')
        sent.set('error', script)
        sent.set('error_description', script)
      },
    }
    const end = await browser().signInByOidc(oidc)
    expect([end.status, end.session]).toEqual([400, null])
    expect(end.html).not.toContain(script)
    expect(end.html).not.toContain('alert')
    const exchange = await browser().beginSaml(saml)
    const escaped = script.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    const message = `<samlp:StatusMessage>${escaped}</samlp:StatusMessage></samlp:Status>`
    const parts = samlParts({ ...exchange.expected, idpEntityId: idp.idpEntityId }, `_${newId()}`)
    const failed = (xml: string) =>
      xml.replace('status:Success', 'status:Responder').replace('</samlp:Status>', message)
    const answered = await exchange.post(parts.responseField({ response: failed }))
    expect([answered.status, answered.session]).toEqual([400, null])
    expect(answered.html).not.toContain('alert')
    expect(answered.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})
