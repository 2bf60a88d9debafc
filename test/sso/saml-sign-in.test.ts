import { createVerify, X509Certificate } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { endSchemaChecks } from '../../src/sign-in/saml'
import { countStatements, totalOf } from '../support/count-statements'
import { startGatehouse } from '../support/gatehouse'
import { pickPersonBySaml } from '../support/sign-in-at-identity-provider'
import {
  arrangeSsoOrganization,
  CompanyBrowser,
  connect,
  pathOf,
  providerUuid,
  type SsoOrganization,
  startWorld,
  type World,
} from '../support/sso-company'

describe('signing in by SAML', () => {
  let world: World
  let organization: SsoOrganization
  let providerId: string

  beforeAll(async () => {
    world = await startWorld()
    organization = await arrangeSsoOrganization(world.gatehouse)
    providerId = await connect(world, organization, 'SAML')
  })
  afterAll(async () => {
    await world.close()
    await endSchemaChecks()
  })

  const open = () => new CompanyBrowser(world.gatehouse.url)
  const address = (name: string) => `${name}@${organization.domain}`
  const set = async (id: string, input: Record<string, unknown>) => {
    const { data } = await organization.admin.organization.send(
      'mutation ($id: ID!, $input: UpdateSsoProviderInput!) { updateSsoProvider(id: $id, input: $input) { userErrors { code message } } }',
      { id, input },
    )
    expect(data.updateSsoProvider.userErrors).toEqual([])
  }
  const begin = async (id = providerId) => {
    const browser = open()
    const { location } = await browser.get(`/sso/${id}/start`)
    const url = new URL(location!)
    const request = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest')!, 'base64')).toString()
    return { browser, url, request, relayState: url.searchParams.get('RelayState')! }
  }

  it('asks with a request of its own, for this connection alone', async () => {
    const { url, request, relayState } = await begin()
    expect(url.href.startsWith(world.idp.saml.ssoUrl)).toBe(true)
    expect(request).toContain(`ID="${relayState}"`)
    expect(request).toContain(`AssertionConsumerServiceURL="http://localhost:4000/sso/saml/${providerId}/acs"`)
    expect(request).toContain(`<saml:Issuer>http://localhost:4000/sso/saml/${providerId}</saml:Issuer>`)
    expect(url.searchParams.get('Signature')).toBeNull()
    const [row] = await world.gatehouse.superuser.rows(
      'SELECT * FROM sso_attempts WHERE organization_id = $1 ORDER BY created_at DESC LIMIT 1',
      [organization.uuid],
    )
    expect(JSON.stringify(row)).not.toContain(relayState)
  })

  it('signs requests with a key of the installation where the provider wants that, and shows its certificate', async () => {
    const id = await connect(world, organization, 'SAML', { protocol: { saml: { signRequests: true } } })
    const { url } = await begin(id)
    const metadata = await (await fetch(`${world.gatehouse.url}/sso/saml/${id}/metadata`)).text()
    const certificate = /<ds:X509Certificate>([^<]+)</.exec(metadata)![1]!
    const signed = url.search.slice(1, url.search.indexOf('&Signature='))
    const verify = createVerify('RSA-SHA256').update(signed)
    const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'))
    expect(verify.verify(publicKey, url.searchParams.get('Signature')!, 'base64')).toBe(true)
    const [key] = await world.gatehouse.superuser.rows<{ sealed_private: Buffer }>('SELECT * FROM saml_request_keys')
    expect(key!.sealed_private.toString('latin1')).not.toContain('PRIVATE KEY')
  })

  it('describes the connection to providers that read metadata', async () => {
    const response = await fetch(`${world.gatehouse.url}/sso/saml/${providerId}/metadata`)
    expect(response.headers.get('content-type')).toContain('samlmetadata+xml')
    const text = await response.text()
    expect(text).toContain(`entityID="http://localhost:4000/sso/saml/${providerId}"`)
    expect(text).toContain(`Location="http://localhost:4000/sso/saml/${providerId}/acs"`)
    expect(text).toContain('AuthnRequestsSigned="false"')
    const unknown = await fetch(`${world.gatehouse.url}/sso/saml/sso_00000000000000000000000000/metadata`)
    expect(unknown.status).toBe(404)
  })

  it('keeps what was posted sealed, and gives it to the browser that began alone', async () => {
    const { browser, url, relayState } = await begin()
    const { address: acs, fields } = await pickPersonBySaml(url.href, address('kept'))
    const posted = await browser.postFromProvider(pathOf(acs), fields)
    expect(posted.location).toBe(`${world.gatehouse.url}/sso/saml/${providerId}/continue?request=${relayState}`)
    expect(browser.session).toBeNull()
    const [row] = await world.gatehouse.superuser.rows<{ sealed_answer: Buffer }>(
      'SELECT sealed_answer FROM sso_attempts WHERE sealed_answer IS NOT NULL AND used_at IS NULL',
    )
    expect(row!.sealed_answer.toString('latin1')).not.toContain(address('kept'))
    expect((await open().get(pathOf(posted.location!))).status).toBe(410)
    const other = open()
    await other.get('/login')
    expect((await other.get(pathOf(posted.location!))).status).toBe(410)
    await browser.follow(browser.get(pathOf(posted.location!)))
    expect(browser.session).not.toBeNull()
    expect((await browser.get(pathOf(posted.location!))).status).toBe(410)
  })

  it('takes one answer to a request: another one comes too late', async () => {
    const { browser, url } = await begin()
    const { address: acs, fields } = await pickPersonBySaml(url.href, address('twice'))
    await browser.postFromProvider(pathOf(acs), fields)
    expect((await browser.postFromProvider(pathOf(acs), fields)).status).toBe(400)
  })

  it('takes no response at another connection', async () => {
    const otherId = await connect(world, organization, 'SAML')
    const { browser, url } = await begin()
    const { address: acs, fields } = await pickPersonBySaml(url.href, address('astray'))
    const refused = await browser.postFromProvider(pathOf(acs).replace(providerId, otherId), fields)
    expect(refused.status).toBe(400)
    const own = await begin(otherId)
    const swapped = await own.browser.follow(
      own.browser.postFromProvider(pathOf(acs).replace(providerId, otherId), { ...fields, RelayState: own.relayState }),
    )
    expect([swapped.status, own.browser.session]).toEqual([400, null])
  })

  it('signs nobody in who was not asked for, whether such sign-ins are allowed or not', async () => {
    const { url } = await begin()
    const browser = open()
    const { address: acs, fields } = await pickPersonBySaml(url.href, address('unasked'), { answer: 'unasked' })
    const { SAMLResponse } = fields as { SAMLResponse: string }
    const refused = await browser.postFromProvider(pathOf(acs), { SAMLResponse, RelayState: 'https://evil.example' })
    expect(refused.status).toBe(400)
    await set(providerId, { allowsIdpInitiated: true })
    const hint = await browser.postFromProvider(pathOf(acs), { SAMLResponse, RelayState: 'https://evil.example' })
    expect([hint.status, browser.session]).toEqual([200, null])
    expect(hint.html).toContain(`href="/sso/${providerId}/start"`)
    expect(hint.html).not.toContain('evil.example')
    const asked = await pickPersonBySaml(url.href, address('unasked'))
    const stolen = await open().postFromProvider(pathOf(acs), { SAMLResponse: asked.fields.SAMLResponse! })
    expect(stolen.status).toBe(400)
    await set(providerId, { allowsIdpInitiated: false })
  })

  it.each([
    ['nothing', {}],
    ['no base64', { SAMLResponse: '<xml>' }],
    ['an entity', { SAMLResponse: Buffer.from('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>').toString('base64') }],
  ])('answers %s with a page and no failure', async (_what, fields: Record<string, string>) => {
    const { browser, relayState } = await begin()
    const path = `/sso/saml/${providerId}/acs`
    const answer = await browser.follow(browser.postFromProvider(path, { ...fields, RelayState: relayState }))
    expect(answer.status).toBe(400)
  })

  it('refuses what is too large before it is read', async () => {
    const large = await open().postFromProvider(`/sso/saml/${providerId}/acs`, { SAMLResponse: 'A'.repeat(600_000) })
    expect(large.status).toBe(400)
  })

  it('notes which certificate has verified a sign-in', async () => {
    await open().signIn(providerId, 'SAML', address('noted'))
    const [row] = await world.gatehouse.superuser.rows<{ last_used_at: Date | null }>(
      'SELECT last_used_at FROM sso_certificates WHERE sso_provider_id = $1',
      [providerUuid(providerId)],
    )
    expect(row!.last_used_at).not.toBeNull()
  })

  it('costs few statements, the same for the first member as for the hundredth', async () => {
    await open().signIn(providerId, 'SAML', address('counted'))
    const cost = async () => {
      const browser = open()
      const back = await browser.wayBack(`/sso/${providerId}/start`, 'SAML', address('counted'))
      browser.follow = (first) => first
      return totalOf(
        await countStatements(async () => {
          const { location } = await back()
          await browser.get(pathOf(location!))
        }),
      )
    }
    const before = await cost()
    await world.gatehouse.superuser.rows(
      `INSERT INTO sso_attempts (organization_id, id, sso_provider_id, intent, browser_hash, request_hash, sealed, settings_digest, return_to, expires_at)
       SELECT organization_id, gen_random_uuid(), sso_provider_id, 'SIGN_IN', browser_hash, sha256(n::text::bytea), sealed, settings_digest, '/', now() + interval '1 hour'
       FROM (SELECT * FROM sso_attempts LIMIT 1) a, generate_series(1, 500) n`,
    )
    expect(await cost()).toBe(before)
    expect(before).toBeLessThanOrEqual(40)
  })

  it('is limited by network address, more generously than other sign-ins', async () => {
    const limited = await startGatehouse({}, { signInsPerMinute: 1 })
    try {
      const path = `${limited.url}/sso/sso_00000000000000000000000000/start`
      const answers = await Promise.all(Array.from({ length: 15 }, () => fetch(path)))
      const counted = (wanted: number) => answers.filter(({ status }) => status === wanted).length
      expect([counted(404), counted(429)]).toEqual([10, 5])
    } finally {
      await limited.close()
    }
  })
})
