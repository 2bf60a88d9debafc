import { hiddenFieldsOf, TestBrowser } from '../support/browser'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { arrangeProvider, comeThrough, enterSsoMode, OIDC_SETTINGS } from '../support/sso'
import { arrangeSsoOrganization, CompanyBrowser, connect, startWorld, type World } from '../support/sso-company'
import { found, type TestOrganization } from '../support/world'

const END_SESSION = 'https://login.example.com/end?tenant=1'
const WHO = '{ viewer { user { id } } }'

let gatehouse: Gatehouse
let acme: TestOrganization

beforeAll(async () => {
  gatehouse = await startGatehouse()
  acme = await found(gatehouse, 'Acme')
  await enterSsoMode(gatehouse, acme)
})
afterAll(() => gatehouse.close())

/** Somebody in a browser, with the ID token of their sign-in kept. */
async function signedIn({
  endSession = END_SESSION,
  idToken = 'eyJ.id.token',
}: {
  endSession?: string | null
  idToken?: string | null
} = {}) {
  if (OIDC_SETTINGS.protocol !== 'OIDC') throw new Error('not OIDC')
  const metadata = { ...OIDC_SETTINGS.metadata, ...(endSession && { end_session_endpoint: endSession }) }
  const provider = await arrangeProvider(gatehouse, acme, {
    status: 'ACTIVE',
    settings: { ...OIDC_SETTINGS, metadata },
  })
  const person = await comeThrough(gatehouse, acme, provider)
  const [session] = await gatehouse.superuser.rows<{ id: string }>(
    'SELECT id FROM organization_sessions WHERE member_id = $1',
    [person.memberId],
  )
  if (idToken)
    await gatehouse.superuser.rows('UPDATE organization_sessions SET sealed_id_token = $2 WHERE id = $1', [
      session!.id,
      gatehouse.app.spine.sealer.seal(idToken, `organization_sessions/${acme.uuid}/${session!.id}/id_token`),
    ])
  const browser = new TestBrowser(gatehouse.url)
  browser.cookies.set('gatehouse_organization', person.token)
  return { person, browser }
}
const isAlive = async (token: string) => (await gatehouse.client(token).send(WHO)).data?.viewer != null

describe('signing out of a session that began at a company’s provider', () => {
  it('ends it here, and offers to end it there', async () => {
    const { person, browser } = await signedIn()
    await browser.get(`/organizations/${acme.slug}`)
    const { status, html } = await browser.submit('/logout')
    expect([status, await isAlive(person.token)]).toEqual([200, false])
    const [, href = ''] = /href="(https:\/\/login\.example\.com[^"]*)"/.exec(html) ?? []
    const url = new URL(href.replaceAll('&amp;', '&'))
    expect(url.origin + url.pathname).toBe('https://login.example.com/end')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      tenant: '1',
      id_token_hint: 'eyJ.id.token',
      client_id: 'gatehouse',
    })
    expect(browser.cookies.has('gatehouse_organization')).toBe(false)
  })

  it('needs a form of our own: no other site signs anybody out', async () => {
    const { person, browser } = await signedIn()
    expect((await browser.post('/logout', { csrfToken: 'forged' })).status).toBe(403)
    expect(await isAlive(person.token)).toBe(true)
  })

  it.each([
    ['the provider has no such address', { endSession: null }],
    ['no ID token was kept', { idToken: null }],
  ])('ends it here alone when %s', async (_, kept) => {
    const { person, browser } = await signedIn(kept)
    await browser.get(`/organizations/${acme.slug}`)
    expect((await browser.submit('/logout')).status).toBe(303)
    expect(await isAlive(person.token)).toBe(false)
  })

  it('ends it here also when what was kept cannot be opened', async () => {
    const { person, browser } = await signedIn()
    await gatehouse.superuser.rows(`UPDATE organization_sessions SET sealed_id_token = '\\x00' WHERE member_id = $1`, [
      person.memberId,
    ])
    await browser.get(`/organizations/${acme.slug}`)
    expect((await browser.submit('/logout')).status).toBe(303)
    expect(await isAlive(person.token)).toBe(false)
  })

  it('keeps the ID token sealed, and out of the log', async () => {
    const { browser } = await signedIn({ idToken: 'very-secret-id-token' })
    await browser.get(`/organizations/${acme.slug}`)
    await browser.submit('/logout')
    const rows = await gatehouse.superuser.rows<{ row: string }>('SELECT s::text AS row FROM organization_sessions s')
    expect(rows.map(({ row }) => row).join('')).not.toContain(Buffer.from('very-secret').toString('hex'))
    expect(gatehouse.logs.join('')).not.toContain('very-secret-id-token')
  })
})

/** The provider checks the ID token itself, by a library that is not ours. */
describe('signing out at a real OpenID provider', () => {
  let world: World
  let providerId: string

  beforeAll(async () => {
    world = await startWorld()
    providerId = await connect(world, await arrangeSsoOrganization(world.gatehouse), 'OIDC', {
      allowsOtherDomains: true,
    })
  })
  afterAll(() => world.close())

  async function signIn(): Promise<CompanyBrowser> {
    const browser = new CompanyBrowser(world.gatehouse.url, {
      host: 'localhost:4000',
      origin: 'http://localhost:4000',
    })
    await browser.signIn(providerId, 'OIDC', 'olga@globex.example', { name: 'Olga Oh' })
    return browser
  }
  /** What the page after a sign-out links to. */
  async function signOut(browser: CompanyBrowser): Promise<URL> {
    await browser.follow(browser.get('/'))
    const { html } = await browser.submit('/logout')
    const [, href = ''] = /href="(http:\/\/127\.0\.0\.1[^"]*)"/.exec(html) ?? []
    return new URL(href.replaceAll('&amp;', '&'))
  }

  it('is offered with an ID token that it takes, and ends there', async () => {
    const link = await signOut(await signIn())
    const first = await fetch(link)
    const page = await first.text()
    const confirm = `${world.idp.oidc.issuer}/session/end/confirm`
    const cookie = first.headers.getSetCookie().map((line) => line.split(';')[0])
    const body = new URLSearchParams(hiddenFieldsOf(page, confirm))
    const end = await fetch(confirm, { method: 'POST', body, headers: { cookie: cookie.join('; ') } })
    expect([first.status, end.status]).toEqual([200, 200])
    expect(await end.text()).toContain('<h1>Signed out</h1>')
  })

  it('is refused there with an ID token of somebody else’s making', async () => {
    const link = await signOut(await signIn())
    const [header, claims] = link.searchParams.get('id_token_hint')!.split('.')
    link.searchParams.set('id_token_hint', `${header}.${claims}.${'A'.repeat(342)}`)
    expect((await fetch(link)).status).toBe(400)
  })
})
