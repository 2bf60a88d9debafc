import type { Page } from 'playwright-core'
import { reachDatabaseServer } from '../../src/platform/database-server'
import { type BuiltGatehouse, spawnGatehouse } from '../support/built-gatehouse'
import { expectText } from '../support/chromium'
import { keepPicture } from '../support/look'
import { type SeededCompany, startSeededCompany } from '../support/seeded-company'
import { ServiceClient } from '../support/service-client'
import { MINT } from '../support/tokens'

jest.setTimeout(300_000)

/**
 * Employees of the seeded company in real browsers, against two processes of the built product on one database.
 * SCREENSHOTS=folder keeps a picture of each page.
 */
describe('signing in through the company', () => {
  let company: SeededCompany
  /** Another process: it takes no part in a removal. */
  let second: BuiltGatehouse
  let admin: Page

  beforeAll(async () => {
    company = await startSeededCompany()
    const dataDirectory = company.settings.GATEHOUSE_DATA_DIR!
    const { appUrl, ownerUrl } = await reachDatabaseServer({ dataDirectory })
    second = await spawnGatehouse({
      DATABASE_URL: appUrl,
      GATEHOUSE_MIGRATION_DATABASE_URL: ownerUrl!,
      GATEHOUSE_PUBLIC_URL: company.url,
    })
    await second.ready()
    admin = await company.openBrowser()
    await company.signIn(admin, 'OIDC', 'Ida Rhodes')
  })
  afterAll(async () => {
    second?.process.kill('SIGTERM')
    await second?.ended()
    await company?.close()
  })

  const organizationPage = (url = company.url) => `${url}/organizations/initech`

  /** The member with that address, as an Admin sees it. */
  async function memberOf(email: string): Promise<{ id: string; status: string; role: { key: string } } | undefined> {
    const { id, adminToken } = company.organization
    const query = `query ($id: ID!) { organization(by: { id: $id }) { members(first: 50) { nodes { id email status role { key } } } } }`
    const { data } = await company.ask(adminToken, query, { id })
    return data.organization.members.nodes.find((node: { email: string }) => node.email === email)
  }

  /** Has the Admin remove a member in the API explorer of their own browser: there is no page for it yet. */
  async function removeInExplorer(memberId: string): Promise<void> {
    await admin.goto(`${company.url}/graphql`)
    const mutation = `mutation { removeMembers(organizationId: "${company.organization.id}", members: { ids: ["${memberId}"] }) {
      receipt { sessionsRevoked refreshTokensRevoked } userErrors { message } } }`
    const editor = admin.locator('.graphiql-query-editor .CodeMirror')
    await editor.waitFor()
    await editor.evaluate((element, text) => {
      ;(element as unknown as { CodeMirror: { setValue(value: string): void } }).CodeMirror.setValue(text)
    }, mutation)
    // With several operations it is a menu, until the editor has read what is there now.
    await admin.locator('.graphiql-execute-button:not([aria-haspopup])').click()
    await admin.locator('.result-window').getByText('sessionsRevoked').waitFor()
    await keepPicture(admin, 'explorer')
    const answer = await admin.locator('.result-window').innerText()
    expect(answer.replace(/\s+/g, '')).toContain('"userErrors":[]')
  }

  async function tokenIn(page: Page): Promise<string> {
    const cookies = await page.context().cookies()
    return cookies.find(({ name }) => name === 'gatehouse_organization')!.value
  }

  /** Who the second process takes the holder of a session to be. */
  async function viewerAtSecond(token: string): Promise<string | null> {
    const answer = await fetch(`${second.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ viewer { user { email } } }' }),
    })
    const { data } = (await answer.json()) as { data: { viewer: { user: { email: string } } | null } | null }
    return data?.viewer?.user.email ?? null
  }

  it.each([
    ['OIDC', 'Karen Jones', 'karen@initech.example'],
    ['SAML', 'Mary Jackson', 'mary@initech.example'],
  ] as const)(
    'by %s makes a member, whom the next click refuses after a removal in another browser, on every process',
    async (protocol, name, email) => {
      const employee = await company.openBrowser()
      await company.signIn(employee, protocol, name)
      await employee.goto(organizationPage())
      await expectText(employee, /your role is Member/)
      await company.look(employee, `organization-${protocol}`)
      const member = await memberOf(email)
      expect(member).toMatchObject({ status: 'JOINED', role: { key: 'member' } })

      const atSecond = await company.openWindow(employee)
      await atSecond.goto(organizationPage(second.url.replace('127.0.0.1', 'localhost')))
      await expectText(atSecond, /your role is Member/)
      const token = await tokenIn(employee)
      const { data } = await company.ask(token, MINT, { input: { withRefreshToken: true } })
      const { accessToken, refreshToken } = data.mintAccessToken
      const service = new ServiceClient(second.url)
      expect((await service.introspect(accessToken)).body.active).toBe(true)
      expect(await viewerAtSecond(token)).toBe(email)

      await removeInExplorer(member!.id)
      for (const each of [accessToken, refreshToken])
        expect((await service.introspect(each)).body).toEqual({ active: false })
      expect(await viewerAtSecond(token)).toBeNull()
      for (const page of [atSecond, employee]) {
        await page.reload()
        await expectText(page, /You are no longer a member of Initech/)
        await expectText(page, /ask an Admin of Initech/)
      }
      await company.look(employee, `removed-${protocol}`)

      await company.signIn(employee, protocol, name)
      await expectText(employee, /An Admin of Initech can let you in again/)
      expect(await employee.getByText('Try again').count()).toBe(0)
      await company.look(employee, `refused-${protocol}`)
    },
  )

  it.each(['OIDC', 'SAML'] as const)('by %s gives the role that a group is mapped to', async (protocol) => {
    const email = `nora.${protocol.toLowerCase()}@initech.example`
    const employee = await company.openBrowser()
    await employee.goto(company.startOf(protocol))
    await employee.getByRole('textbox', { name: 'E-mail address' }).fill(email)
    await employee.getByRole('textbox', { name: /Groups/ }).fill('staff, admins')
    await employee.getByRole('button', { name: 'Sign in', exact: true }).click()
    await employee.waitForURL(`${company.url}/**`)
    await employee.goto(organizationPage())
    await expectText(employee, /your role is Admin/)
    expect(await memberOf(email)).toMatchObject({ status: 'JOINED', role: { key: 'admin' } })
  })

  it('leads to a way to sign in of ones own', async () => {
    const employee = await company.openBrowser()
    await company.signIn(employee, 'OIDC', 'Annie Easley')
    await employee.goto(organizationPage())
    await employee.getByRole('link', { name: 'A way to sign in of your own' }).click()
    await expectText(employee, /choose one that is yours alone/)
    await company.look(employee, 'own-sign-in')
    await employee.getByRole('link', { name: 'Connect Local identity provider' }).click()
    await employee.getByRole('textbox', { name: 'E-mail address' }).fill('annie@own.example')
    await employee.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expectText(employee, /You have one/)
    await company.look(employee, 'own-sign-in-connected')
  })

  it('signs out here, and at the provider', async () => {
    const employee = await company.openBrowser()
    await company.signIn(employee, 'OIDC', 'Annie Easley')
    await employee.goto(organizationPage())
    const token = await tokenIn(employee)
    await employee.getByRole('button', { name: 'Sign out' }).click()
    await expectText(employee, /You are signed out/)
    expect(await viewerAtSecond(token)).toBeNull()
    await company.look(employee, 'signed-out')
    await employee.getByRole('link', { name: /Sign out at Initech/ }).click()
    await employee.getByRole('heading', { name: 'Signed out' }).waitFor()
    await company.look(employee, 'provider-signed-out')
  })

  it('begins with the address, and offers both ways where there are two', async () => {
    const employee = await company.openBrowser()
    await employee.goto(`${company.url}/login`)
    await employee.getByLabel(/address/i).fill('annie@initech.example')
    await company.look(employee, 'login')
    await employee.getByRole('button', { name: 'Continue' }).click()
    await expectText(employee, /Initech by SAML/)
    await company.look(employee, 'chooser')
  })

  it.each([
    ['OIDC', 'wrong-key'],
    ['SAML', 'expired'],
  ] as const)('by %s shows a clear page for a wrong answer', async (protocol, answer) => {
    const employee = await company.openBrowser()
    await company.signIn(employee, protocol, 'Annie Easley', answer)
    await expectText(employee, /You could not sign in/)
    await company.look(employee, `wrong-${protocol}`)
  })
})
