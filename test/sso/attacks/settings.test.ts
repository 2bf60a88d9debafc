import { fromTypeId } from '../../../src/kernel/ids'
import { secretSealContext } from '../../../src/modules/sso'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { type HostileOpenidProvider, startHostileOpenidProvider } from '../../support/hostile-openid-provider'
import { arrangeCompany, connect, VictimBrowser } from '../../support/hostile-sign-in'
import type { SsoOrganization } from '../../support/sso-company'
import { found } from '../../support/world'

const ROUNDS = 40
const ADD = `mutation ($id: ID!, $name: String!) { addDomain(organizationId: $id, name: $name) {
  domain { id status } userErrors { code } } }`
const VERIFY = 'mutation ($id: ID!) { verifyDomain(id: $id) { domain { status } userErrors { code } } }'
const UPDATE = `mutation ($id: ID!, $input: UpdateSsoProviderInput!) { updateSsoProvider(id: $id, input: $input) {
  provider { ... on OidcProvider { issuer } } userErrors { code } } }`

describe('settings of a company', () => {
  let gatehouse: Gatehouse
  let acme: SsoOrganization
  let provider: HostileOpenidProvider
  let providerId: string

  beforeAll(async () => {
    gatehouse = await startGatehouse({}, { signInsPerMinute: 100_000 })
    acme = await arrangeCompany(gatehouse, 'Acme')
    provider = await startHostileOpenidProvider()
    providerId = await connect(gatehouse, acme, { oidc: provider })
  })
  afterAll(async () => {
    await gatehouse.close()
    await provider.close()
  })

  async function type(email: string) {
    const browser = new VictimBrowser(gatehouse.url)
    await browser.get('/login')
    return browser.submit('/login/email', { email })
  }

  it('attack 3: a domain counts for whoever proves it, and looks like no other', async () => {
    const rival = await found(gatehouse, 'Rival')
    const claim = async (name: string) =>
      (await rival.admin.organization.send(ADD, { id: rival.id, name })).data.addDomain
    const { domain } = await claim('acme.example')
    expect(domain.status).toBe('PENDING')
    await gatehouse.superuser.rows(
      `INSERT INTO domains (organization_id, id, name, challenge) VALUES ($1, gen_random_uuid(), 'unproven.example', 'x')`,
      [acme.uuid],
    )
    const verified = await rival.admin.organization.send(VERIFY, { id: domain.id })
    expect(verified.data.verifyDomain.domain.status).toBe('PENDING')
    const led = await type('somebody@acme.example')
    expect(led.html + String(led.location)).toContain(providerId)
    for (const address of ['somebody@unproven.example', 'somebody@sub.acme.example', 'somebody@аcme.example']) {
      const { html, location } = await type(address)
      expect(html + String(location)).not.toContain('/sso/')
    }
    for (const name of ['gmail.com', 'co.uk', 'example', 'com'])
      expect((await claim(name)).userErrors).toMatchObject([{ code: 'INVALID' }])
  })

  it('attack 20: a sealed secret opens for its own connection only', async () => {
    const [one, two] = [providerId, await connect(gatehouse, acme, { oidc: provider })].map(
      (id) => fromTypeId('SsoProvider', id)!,
    ) as [string, string]
    const [row] = await gatehouse.superuser.rows<{ sealed_secret: Buffer }>(
      'SELECT sealed_secret FROM sso_providers WHERE id = $1',
      [one],
    )
    const { sealer } = gatehouse.app.spine
    expect(sealer.open(row!.sealed_secret, secretSealContext(acme.uuid, one))).toBe(provider.clientSecret)
    for (const [organization, id] of [
      [acme.uuid, two],
      [two, one],
    ] as const)
      expect(() => sealer.open(row!.sealed_secret, secretSealContext(organization, id))).toThrow('does not open')
    const stored = JSON.stringify(await gatehouse.superuser.rows('SELECT * FROM sso_providers'))
    expect(stored).not.toContain(provider.clientSecret)
    expect(row!.sealed_secret.includes(provider.clientSecret)).toBe(false)
  })

  it('attack 21: nobody learns from answers or their time which connections, organizations and addresses there are', async () => {
    const unknown = providerId.replace(/.{4}$/, '0000')
    const draft = await connect(gatehouse, acme, { oidc: provider })
    await gatehouse.superuser.rows(
      `UPDATE sso_providers SET status = 'DISABLED', organization_mode = NULL WHERE id = $1`,
      [fromTypeId('SsoProvider', draft)],
    )
    const shape = ({ status, html }: { status: number; html: string }) => [status, html.replace(/req_[\w-]+/g, 'req')]
    const ask = (id: string) => new VictimBrowser(gatehouse.url).get(`/sso/${id}/start`)
    expect(shape(await ask(unknown))).toEqual(shape(await ask(draft)))
    const median = async (id: string) => {
      const times: number[] = []
      for (let round = 0; round < ROUNDS; round += 1) {
        const startedAt = performance.now()
        await ask(id)
        times.push(performance.now() - startedAt)
      }
      return times.sort((a, b) => a - b)[ROUNDS / 2]!
    }
    await median(unknown)
    // One statement more for a connection that exists: milliseconds, never the time of a request to somebody outside.
    expect(Math.abs((await median(unknown)) - (await median(draft)))).toBeLessThan(50)
    const pages = [await type('ada@acme.example'), await type('nobody@acme.example')]
    expect(
      pages.map(({ html, status }) => [
        status,
        html.replaceAll(/ada|nobody/g, 'x').replace(/value="[^"]{20,}"/g, ''),
      ])[0],
    ).toEqual(
      pages.map(({ html, status }) => [
        status,
        html.replaceAll(/ada|nobody/g, 'x').replace(/value="[^"]{20,}"/g, ''),
      ])[1],
    )
  })

  it('attack 22: who has signed in by a connection keeps it from becoming another one', async () => {
    expect((await new VictimBrowser(gatehouse.url).signInByOidc(providerId)).session).toMatch(/^gos_/)
    const other = await startHostileOpenidProvider()
    const oidc = { issuer: other.issuer, clientId: 'gatehouse', clientSecret: other.clientSecret }
    const changes = [{ protocol: { oidc } }, { subjectSource: 'email' }]
    for (const input of changes) {
      const { data } = await acme.admin.organization.send(UPDATE, { id: providerId, input })
      expect(data.updateSsoProvider.userErrors).toMatchObject([{ code: 'WRONG_STATE' }])
    }
    // A new secret counts after a live sign-in with it; until then the old one does.
    const secret = { protocol: { oidc: { clientSecret: 'another-secret-that-is-wrong' } } }
    const { data } = await acme.admin.organization.send(UPDATE, { id: providerId, input: secret })
    expect(data.updateSsoProvider.userErrors).toEqual([])
    expect((await new VictimBrowser(gatehouse.url).signInByOidc(providerId)).session).toMatch(/^gos_/)
    expect(provider.tokenRequests.at(-1)!.get('client_secret')).toBe(provider.clientSecret)
    await other.close()
  })
})
