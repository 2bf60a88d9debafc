import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { type BuiltGatehouse, buildOnce, spawnGatehouse } from '../support/built-gatehouse'
import { expectText, launchChromium } from '../support/chromium'
import { lookAt } from '../support/look'
import { type MailServer, startMailServer } from '../support/mail-server'

/**
 * The first day of a stranger, in a real browser against the built product: its embedded database, its local identity
 * provider, a real SMTP server. SCREENSHOTS=folder keeps a picture of each page.
 */
describe('the first day', () => {
  let folder: string
  let mails: MailServer
  let product: BuiltGatehouse
  let browser: Browser
  /** As people type it; cookies and providers know this name only. */
  let url: string

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-e2e-'))
    mails = await startMailServer()
    await buildOnce()
    product = await spawnGatehouse({ SMTP_URL: mails.url, GATEHOUSE_DATA_DIR: path.join(folder, 'data') })
    await product.ready()
    url = product.url.replace('127.0.0.1', 'localhost')
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    product?.process.kill('SIGTERM')
    await product?.ended()
    await mails?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  let looks = 0
  async function look(page: Page, name: string): Promise<void> {
    looks += 1
    await lookAt(page, `${String(looks).padStart(2, '0')}-${name}`)
  }

  /** A browser of a person's own: no cookie is shared with anybody else. */
  async function openBrowser(colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1000, height: 800 } })
    return context.newPage()
  }

  async function signIn(page: Page, email: string): Promise<void> {
    await page.getByRole('link', { name: /Local identity provider/ }).click()
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(email)
    await look(page, 'local-identity-provider')
    await page
      .getByRole('button', { name: /sign in|continue/i })
      .last()
      .click()
    await page.waitForURL(`${url}/**`)
  }

  it('goes from an empty installation to an organization with a member who was invited by mail', async () => {
    const ada = await openBrowser()
    await ada.goto(url)
    await look(ada, 'welcome')
    await ada.getByRole('link', { name: 'Sign in' }).click()
    await look(ada, 'login')
    await signIn(ada, 'ada@example.com')
    await look(ada, 'home')

    await ada.getByRole('link', { name: /create an organization/i }).click()
    await ada.getByLabel('Name').fill('Analytical Engines')
    await ada.getByLabel(/Slug/).fill('-wrong-')
    await ada.getByLabel('Billing e-mail').fill('bills@example.com')
    await ada
      .getByLabel(/addresses to invite/i)
      .fill('Grace Hopper <grace@example.com>, alan@example.com; not-an-address\nedsger@example.com')
    await ada.getByRole('button', { name: 'Create' }).click()
    await expectText(ada, /Nothing was created yet/)
    await look(ada, 'create-refused')
    await ada.getByLabel(/Slug/).fill('')
    await ada.getByRole('button', { name: 'Create' }).click()
    await expectText(ada, /Analytical Engines is ready/)
    await expectText(ada, /Not an e-mail address/)
    await look(ada, 'created')
    await ada.getByRole('button', { name: /Open/ }).click()
    await expectText(ada, /your role is Admin/)
    await look(ada, 'organization')

    const [letter] = await Promise.all(
      ['grace@example.com', 'alan@example.com', 'edsger@example.com'].map((to) => mails.waitFor(to)),
    )
    const link = /http:\/\/\S+\/invitations\/\S+/.exec(letter!.mail.text!)![0]

    const eve = await openBrowser('dark')
    await eve.goto(link)
    await expectText(eve, /grace@example.com/)
    await look(eve, 'invitation-signed-out')
    await eve
      .getByRole('link', { name: /Sign in/ })
      .first()
      .click()
    await signIn(eve, 'eve@example.com')
    await expectText(eve, /eve/)
    expect(await eve.getByRole('button', { name: /^Accept/ }).count()).toBe(0)
    await look(eve, 'invitation-wrong-account')

    const grace = await openBrowser('dark')
    await grace.goto(link)
    await grace
      .getByRole('link', { name: /Sign in/ })
      .first()
      .click()
    await signIn(grace, 'grace@example.com')
    await look(grace, 'invitation-ready')
    await grace.getByRole('button', { name: /Accept/ }).click()
    await expectText(grace, /Analytical Engines/)
    await look(grace, 'joined')

    await ada.reload()
    await ada.goto(`${url}/organizations/analytical-engines`)
    await expectText(ada, /Joined/)
    await look(ada, 'organization-with-grace')

    const second = await openBrowser()
    await second.goto(link)
    await expectText(second, /accepted/i)
    await look(second, 'invitation-used')
  })
})
