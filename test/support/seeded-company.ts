import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { type BuiltGatehouse, buildOnce, freePort, runCommand, spawnGatehouse } from './built-gatehouse'
import { launchChromium } from './chromium'
import type { Answer } from './graphql-client'
import { lookAt } from './look'

/** What the seed prints of the company. */
export interface SeededHandles {
  readonly operatorKey: string
  readonly organizations: readonly { id: string; slug: string; adminToken: string }[]
  readonly ssoProviders: readonly { id: string; protocol: 'OIDC' | 'SAML'; startUrl: string }[]
}

/** The built product with its demonstration and its local identity provider, and real browsers in front of it. */
export interface SeededCompany {
  readonly product: BuiltGatehouse
  /** As people type it; cookies know this name only. */
  readonly url: string
  readonly handles: SeededHandles
  readonly organization: SeededHandles['organizations'][number]
  readonly settings: Readonly<Record<string, string>>
  /** A browser of a person's own: no cookie is shared with anybody else. */
  openBrowser(): Promise<Page>
  /** A further window of the same browser: it has the same cookies. */
  openWindow(of: Page): Promise<Page>
  /** Where a sign-in by the connection of that protocol begins. */
  startOf(protocol: 'OIDC' | 'SAML'): string
  /** Goes there, and picks somebody at the provider. */
  signIn(page: Page, protocol: 'OIDC' | 'SAML', name: string, answer?: string): Promise<void>
  /** Asks over the API, as whoever has the token. */
  ask(token: string, query: string, variables?: Record<string, unknown>): Promise<Answer>
  /** Looks at a page as {@link lookAt} does. */
  look(page: Page, name: string): Promise<void>
  close(): Promise<void>
}

/** Starts all of it, on ports that nobody has. */
export async function startSeededCompany(): Promise<SeededCompany> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-company-'))
  await buildOnce()
  const settings = {
    GATEHOUSE_DATA_DIR: path.join(folder, 'data'),
    GATEHOUSE_DEV_IDP_PORT: String(await freePort()),
  }
  const product = await spawnGatehouse(settings)
  await product.ready()
  const url = product.url.replace('127.0.0.1', 'localhost')
  const seeded = await runCommand(['dist/src/commands/seed.js', '--json'], { ...settings, PORT: new URL(url).port })
  const handles = JSON.parse(seeded.stdout) as SeededHandles
  const browser = await launchChromium()
  const startOf = (protocol: 'OIDC' | 'SAML') =>
    handles.ssoProviders.find((each) => each.protocol === protocol)!.startUrl
  const viewport = { width: 1000, height: 800 }
  return {
    product,
    url,
    handles,
    organization: handles.organizations.find(({ slug }) => slug === 'initech')!,
    settings,
    startOf,
    look: (page, name) => lookAt(page, `company-${name}`),
    openBrowser: async () => (await browser.newContext({ viewport })).newPage(),
    openWindow: async (of) => {
      const storageState = await of.context().storageState()
      return (await browser.newContext({ viewport, storageState })).newPage()
    },
    async signIn(page, protocol, name, answer = 'proper') {
      await page.goto(startOf(protocol))
      await page.getByLabel('Answer').first().selectOption(answer)
      await lookAt(page, `company-provider-${protocol}`)
      await page.getByRole('button', { name }).first().click()
      await page.waitForURL(`${url}/**`)
    },
    async ask(token, query, variables = {}) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      const body = JSON.stringify({ query, variables })
      const answer = await fetch(`${product.url}/graphql`, { method: 'POST', headers, body })
      return answer.json()
    },
    async close() {
      await browser.close()
      product.process.kill('SIGTERM')
      await product.ended()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
