import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type BuiltGatehouse, buildOnce, freePort, runCommand, spawnGatehouse } from '../support/built-gatehouse'

const SCREENSHOTS = process.env.SCREENSHOTS

interface Handles {
  organizations: { id: string; slug: string; adminToken: string }[]
  ssoProviders: { id: string; protocol: 'OIDC' | 'SAML'; startUrl: string }[]
}

/**
 * Employees of the seeded company in real browsers against the built product and its local identity provider.
 * SCREENSHOTS=folder keeps a picture of each page, light and dark.
 */
jest.setTimeout(300_000)

describe('signing in through the company', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-company-'))
  let product: BuiltGatehouse
  let browser: Browser
  let handles: Handles
  /** As people type it; cookies know this name only. */
  let url: string

  beforeAll(async () => {
    await buildOnce()
    const settings = {
      GATEHOUSE_DATA_DIR: path.join(folder, 'data'),
      GATEHOUSE_DEV_IDP_PORT: String(await freePort()),
    }
    product = await spawnGatehouse(settings)
    await product.ready()
    url = product.url.replace('127.0.0.1', 'localhost')
    const { port } = new URL(url)
    const seeded = await runCommand(['dist/src/commands/seed.js', '--json'], { ...settings, PORT: port })
    handles = JSON.parse(seeded.stdout) as Handles
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    })
  })
  afterAll(async () => {
    await browser?.close()
    product?.process.kill('SIGTERM')
    await product?.ended()
    rmSync(folder, { recursive: true, force: true })
  })

  async function look(page: Page, name: string): Promise<void> {
    if (!SCREENSHOTS) return
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: path.join(SCREENSHOTS, `company-${name}-${colorScheme}.png`), fullPage: true })
    }
  }

  /** A browser of a person's own: no cookie is shared with anybody else. */
  async function openBrowser(): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1000, height: 800 } })
    return context.newPage()
  }

  async function signIn(page: Page, name: string, answer = 'proper'): Promise<void> {
    await page.getByLabel('Answer').first().selectOption(answer)
    await look(page, `provider-${new URL(page.url()).pathname.includes('saml') ? 'saml' : 'oidc'}`)
    await page.getByRole('button', { name }).first().click()
    await page.waitForURL(`${url}/**`)
  }

  const initech = () => handles.organizations.find(({ slug }) => slug === 'initech')!
  const startOf = (protocol: 'OIDC' | 'SAML') =>
    handles.ssoProviders.find((each) => each.protocol === protocol)!.startUrl

  async function ask(query: string, variables: Record<string, unknown> = {}) {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${initech().adminToken}` }
    const body = JSON.stringify({ query, variables })
    const answer = await fetch(`${product.url}/graphql`, { method: 'POST', headers, body })
    return (await answer.json()) as { data: Record<string, never> }
  }

  /** The member with that address, as an Admin sees it. */
  async function memberOf(email: string): Promise<{ id: string; status: string; role: { key: string } } | undefined> {
    const query = `query ($id: ID!) { organization(by: { id: $id }) { members(first: 50) { nodes { id email status role { key } } } } }`
    const { data } = await ask(query, { id: initech().id })
    const { nodes } = (
      data as unknown as {
        organization: { members: { nodes: { id: string; email: string; status: string; role: { key: string } }[] } }
      }
    ).organization.members
    return nodes.find((node) => node.email === email)
  }

  it.each([
    ['OIDC', 'Karen Jones', 'karen@initech.example'],
    ['SAML', 'Mary Jackson', 'mary@initech.example'],
  ] as const)(
    'by %s makes a member, who is refused by the next click after the removal',
    async (protocol, name, email) => {
      const employee = await openBrowser()
      await employee.goto(startOf(protocol))
      await signIn(employee, name)
      await expectText(employee, new RegExp(name.split(' ')[0]!))
      await look(employee, `home-${protocol}`)
      const member = await memberOf(email)
      expect(member).toMatchObject({ status: 'JOINED', role: { key: 'member' } })
      await employee.goto(`${url}/organizations/initech`)
      await expectText(employee, /your role is Member/)
      await look(employee, `organization-${protocol}`)

      const removal =
        'mutation ($org: ID!, $ids: [ID!]!) { removeMembers(organizationId: $org, members: { ids: $ids }) { userErrors { message } } }'
      const { data } = await ask(removal, { org: initech().id, ids: [member!.id] })
      expect(data).toMatchObject({ removeMembers: { userErrors: [] } })
      await employee.reload()
      await look(employee, `removed-${protocol}`)
      expect(await employee.getByText(/your role is Member/).count()).toBe(0)

      await employee.goto(startOf(protocol))
      await signIn(employee, name)
      await expectText(employee, /You were removed from the organization/)
      await look(employee, `refused-${protocol}`)
    },
  )

  it('gives the mapped role', async () => {
    const admin = await openBrowser()
    await admin.goto(startOf('OIDC'))
    await signIn(admin, 'Ida Rhodes')
    await admin.goto(`${url}/organizations/initech`)
    await expectText(admin, /your role is Admin/)
    await look(admin, 'organization-admin')
  })

  it('begins with the address, and offers both ways where there are two', async () => {
    const employee = await openBrowser()
    await employee.goto(`${url}/login`)
    await employee.getByLabel(/address/i).fill('annie@initech.example')
    await look(employee, 'login')
    await employee
      .getByRole('button', { name: /continue|code|sign in/i })
      .first()
      .click()
    await expectText(employee, /Initech by SAML/)
    await look(employee, 'chooser')
  })

  it.each([
    ['OIDC', 'wrong-key'],
    ['SAML', 'expired'],
  ] as const)('by %s shows a clear page for a wrong answer', async (protocol, answer) => {
    const employee = await openBrowser()
    await employee.goto(startOf(protocol))
    await signIn(employee, 'Annie Easley', answer)
    await expectText(employee, /You could not sign in/)
    await look(employee, `wrong-${protocol}`)
    expect(await memberOf('annie@initech.example')).toBeUndefined()
  })
})

async function expectText(page: Page, text: RegExp): Promise<void> {
  await page.getByText(text).first().waitFor({ timeout: 15_000 })
}
