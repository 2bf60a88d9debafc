import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { expectText } from '../support/chromium'
import { BROKEN, type HostileOpenidProvider, startHostileOpenidProvider } from '../support/hostile-openid-provider'
import { type SeededCompany, startSeededCompany } from '../support/seeded-company'

jest.setTimeout(300_000)

/** A document that is none: what a portal in maintenance answers to everything. */
const html = (response: ServerResponse) =>
  void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>We are back soon</h1>')
/** Five seconds of patience, and what a browser on a busy machine takes for its pages. */
const PATIENCE = 5_000 + 5_000
const LATE = /did not answer in time|took longer than 5 seconds/

/**
 * A company that is set up on the page of its link, by somebody who writes no GraphQL, and whose identity provider then
 * fails in every way: what the employee sees in a browser, and what its Admin is told.
 */
describe('a company whose identity provider does not work', () => {
  let company: SeededCompany
  let provider: HostileOpenidProvider
  let metadata: Server
  let setupUrl: string
  let organizationId: string

  beforeAll(async () => {
    company = await startSeededCompany()
    provider = await startHostileOpenidProvider({ sub: 'boss', email: 'boss@hooli.example', name: 'Gavin Boss' })
    metadata = createServer((request, response) => {
      if (request.url === '/html') html(response)
      else if (request.url === '/broken') response.end('<md:EntityDescriptor xmlns:md="urn:oasis"><md:IDPSSO')
    }).listen(0, '127.0.0.1')
    await once(metadata, 'listening')
    const create = `mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) {
      organization { id } setupUrl userErrors { message } } }`
    const addresses = { billingEmail: 'bills@hooli.example', firstAdminEmail: 'boss@hooli.example' }
    const input = { name: 'Hooli', membershipMode: 'SSO', ...addresses }
    const { data } = await company.ask(company.handles.operatorKey, create, { input })
    setupUrl = data.createOrganization.setupUrl
    organizationId = data.createOrganization.organization.id
  })
  afterAll(async () => {
    metadata?.closeAllConnections()
    metadata?.close()
    await provider?.close()
    await company?.close()
  })

  /** Posts the form for a new connection on the page of the set-up link. */
  async function addConnection(page: Page, protocol: 'OIDC' | 'SAML', fields: Record<string, string>): Promise<void> {
    await page.goto(setupUrl)
    await page.getByLabel('Name', { exact: true }).fill('Hooli')
    await page.getByLabel('Identity provider', { exact: true }).selectOption('OTHER')
    await page.getByLabel('Protocol', { exact: true }).selectOption(protocol)
    for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value)
    await page.getByRole('button', { name: 'Add the connection' }).click()
  }

  const byOidc = () => ({
    Issuer: provider.issuer,
    'Client id': provider.clientId,
    'Client secret': provider.clientSecret,
  })

  /** The connection, and the newest refusal of a sign-in, as the Admin of the company reads them. */
  async function connection(): Promise<{ startUrl: string; refusedSignIns: Refusal[]; lastTest: Refusal | null }> {
    const query = `query ($id: ID!) { organization(by: { id: $id }) { ssoProviders {
      setupValues { key value } refusedSignIns(first: 1) { code detail requestId howToFix }
      lastTest { errorCode errorMessage howToFix } } } }`
    const token = setupUrl.split('/').at(-1)!
    const { data } = await company.ask(token, query, { id: organizationId })
    const [found] = data.organization.ssoProviders
    const { value: startUrl } = found.setupValues.find(({ key }: { key: string }) => key === 'signInUrl')
    return { ...found, startUrl }
  }

  interface Refusal {
    code: string
    detail: string
    requestId: string
    howToFix: string[]
  }

  async function timed(work: () => Promise<unknown>): Promise<number> {
    const started = performance.now()
    await work()
    return performance.now() - started
  }

  it.each([
    ['/html', /The metadata has a DOCTYPE/],
    ['/broken', /The metadata is/],
    ['/hangs', LATE],
  ])('says on the page of the link what is wrong with metadata at %s', async (path, reason) => {
    const page = await company.openBrowser()
    const { port } = metadata.address() as AddressInfo
    const url = `http://127.0.0.1:${port}${path}`
    expect(await timed(() => addConnection(page, 'SAML', { 'Metadata URL': url }))).toBeLessThan(PATIENCE)
    expect(await page.locator('#metadataUrl-error').innerText()).toMatch(reason)
    expect(await page.getByLabel('Metadata URL').inputValue()).toBe(url)
    await company.look(page, `metadata${path.replace('/', '-')}`)
  })

  it.each([
    ['HTML', html, /answers as discovery document is not one/],
    ['nothing', BROKEN.hangs, LATE],
    ['a broken connection', BROKEN.hangsUp, /could not be reached/],
  ])('says on the page of the link that the issuer answers %s', async (what, discovery, reason) => {
    const page = await company.openBrowser()
    provider.behaviour = { instead: { discovery } }
    expect(await timed(() => addConnection(page, 'OIDC', byOidc()))).toBeLessThan(PATIENCE)
    expect(await page.locator('#issuer-error').innerText()).toMatch(reason)
    expect(await page.getByLabel('Issuer').inputValue()).toBe(provider.issuer)
    await company.look(page, `issuer-${what.replaceAll(' ', '-')}`)
  })

  it('is set up, tested and put to use on that page, and its first Admin comes in', async () => {
    const page = await company.openBrowser()
    provider.behaviour = {}
    await page.goto(setupUrl)
    await page.getByLabel('Domain', { exact: true }).fill('hooli.example')
    await page.getByRole('button', { name: 'Claim the domain' }).click()
    await page.getByRole('button', { name: 'Check now' }).click()
    await expectText(page, /^Proven$/)
    await addConnection(page, 'OIDC', byOidc())
    await test(page, /The test has passed/)
    await page.reload()
    await page.goto(setupUrl)
    await company.look(page, 'set-up')
    await page.getByRole('button', { name: /^Activate/ }).click()
    await expectText(page, /^In use$/)
    const boss = await company.openBrowser()
    await boss.goto((await connection()).startUrl)
    await boss.goto(`${company.url}/organizations/hooli`)
    await expectText(boss, /your role is Admin/)
  })

  /** Begins a test on the page of the link, and follows it in the window that opens. */
  async function test(page: Page, outcome: RegExp): Promise<void> {
    await page.goto(setupUrl)
    await page.getByRole('button', { name: /^Test/ }).click()
    const [window] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: /sign in with it now/ }).click(),
    ])
    await expectText(window, outcome)
    await company.look(window, `test-${outcome.source.includes('passed') ? 'passed' : 'failed'}`)
    await window.close()
  }

  it.each([
    ['answers HTML for tokens', { instead: { token: html } }, 'IDP_UNREACHABLE', /something else than it should/],
    ['never answers', { instead: { token: BROKEN.hangs } }, 'IDP_UNREACHABLE', LATE],
    ['hangs up', { instead: { token: BROKEN.hangsUp } }, 'IDP_UNREACHABLE', /./],
    ['signs with another key than it publishes', { signer: 'foreign' as const }, 'TOKEN_INVALID', /signature/],
  ])(
    'that %s: a clear page in time, the reason for the Admin, and others come in',
    async (what, behaviour, code, detail) => {
      provider.behaviour = behaviour
      const { startUrl } = await connection()
      const [employee, other] = [await company.openBrowser(), await company.openBrowser()]
      const waiting = timed(() => employee.goto(startUrl))
      await company.signIn(other, 'OIDC', 'Annie Easley')
      await other.goto(`${company.url}/organizations/initech`)
      await expectText(other, /your role is Member/)
      expect(await waiting).toBeLessThan(PATIENCE)
      const isOutage = code === 'IDP_UNREACHABLE'
      await expectText(employee, isOutage ? /cannot be reached right now/ : /did not confirm who you are/)
      await employee.getByRole('link', { name: 'Try again' }).waitFor()
      await company.look(employee, `trouble-${what.replaceAll(' ', '-')}`)
      const [refusal] = (await connection()).refusedSignIns
      expect(refusal).toMatchObject({ code, detail: expect.stringMatching(detail) as string })
      expect(refusal!.howToFix.length).toBeGreaterThan(0)
      await expectText(employee, new RegExp(refusal!.requestId))
    },
  )

  it('tells whoever tests the connection the exact reason, on the page and over the API', async () => {
    provider.behaviour = { instead: { token: BROKEN.hangs } }
    const page = await company.openBrowser()
    await test(page, LATE)
    expect((await connection()).lastTest).toMatchObject({
      errorCode: 'IDP_UNREACHABLE',
      howToFix: expect.arrayContaining([expect.stringContaining('five seconds')]) as string[],
    })
  })
})
