import { type LocalIdentityProvider, startLocalIdentityProvider } from '../../src/dev/local-identity-provider'
import { TestBrowser } from '../support/browser'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { pickPerson } from '../support/sign-in-at-identity-provider'

const PUBLIC_URL = 'http://localhost:4000'

describe('the first day of an organization, in the browser', () => {
  let identityProvider: LocalIdentityProvider
  let gatehouse: Gatehouse

  beforeAll(async () => {
    const redirectUris = [`${PUBLIC_URL}/login/local/callback`]
    identityProvider = await startLocalIdentityProvider({ port: 0, redirectUris, people: async () => [] })
    gatehouse = await startGatehouse({}, { localIdentityProvider: identityProvider, signInsPerMinute: 10_000 })
  })
  afterAll(async () => {
    await gatehouse.close()
    await identityProvider.close()
  })

  const signIn = async (email: string, returnTo = '/') => {
    const browser = new TestBrowser(gatehouse.url)
    const { location } = await browser.get(`/login/local/start?returnTo=${encodeURIComponent(returnTo)}`)
    const back = new URL(await pickPerson(location!, email, email.split('@')[0]))
    await browser.get(back.pathname + back.search)
    return browser
  }
  const create = async (browser: TestBrowser, name: string, addresses: string) => {
    await browser.get('/organizations/new')
    return browser.submit('/organizations/new', { name, slug: '', billingEmail: 'bills@example.com', addresses })
  }
  const linkFor = async (email: string): Promise<string> => {
    const [row] = await gatehouse.superuser.rows<{ organization_id: string; id: string; sealed: Buffer }>(
      `SELECT * FROM outbox_messages WHERE kind = 'mail.invitation' AND destination = $1 ORDER BY id DESC LIMIT 1`,
      [email],
    )
    const context = `outbox_messages/${row!.organization_id}/${row!.id}`
    return `/invitations/${gatehouse.app.spine.sealer.open(row!.sealed, context)}`
  }
  const membersOf = (slug: string) =>
    gatehouse.superuser.rows<{ email: string; status: string }>(
      'SELECT m.email, m.status FROM members m JOIN organizations o USING (organization_id) WHERE o.slug = $1 ORDER BY m.email',
      [slug],
    )

  it('founds an organization, invites three people, and lets one in', async () => {
    const founder = await signIn('founder@example.com')
    const created = await create(founder, 'First Day', 'one@example.com, two@example.com\nthree@example.com')
    expect(created.html).toContain('First Day</bdi> is ready')
    expect(created.html.match(/>Sent</g)).toHaveLength(3)

    const link = await linkFor('two@example.com')
    const stranger = new TestBrowser(gatehouse.url)
    for (let opened = 0; opened < 3; opened += 1) expect((await stranger.get(link)).html).toContain('Sign in to accept')

    const invitee = await signIn('two@example.com', link)
    await invitee.get(link)
    const accepted = await invitee.submit(`${link}/accept`)
    expect(accepted.location).toBe(`${gatehouse.url}/?notice=joined`)
    expect((await invitee.get('/organizations/first-day')).html).toContain('your role is Member')
    expect(await membersOf('first-day')).toContainEqual({ email: 'two@example.com', status: 'JOINED' })
    expect((await stranger.get(link)).html).toContain('Already accepted')
  })

  it('says which account is wrong, and does not let it in', async () => {
    const founder = await signIn('wrong.founder@example.com')
    await create(founder, 'Wrong Account', 'right@example.com')
    const link = await linkFor('right@example.com')
    const wrong = await signIn('wrong@example.com')
    const page = await wrong.get(link)
    expect(page.html).toContain('right@example.com')
    expect(page.html).toContain('Switch account')
    const csrfToken = /name="csrfToken" value="([^"]*)"/.exec(page.html)![1]!
    expect((await wrong.post(`${link}/accept`, { csrfToken })).html).toContain('Switch account')
    expect(await membersOf('wrong-account')).toContainEqual({ email: 'right@example.com', status: 'INVITED' })
  })

  it('shows invitations to a verified address without their link, and lets them be declined', async () => {
    const founder = await signIn('decline.founder@example.com')
    await create(founder, 'Declined', 'no@example.com')
    const invitee = await signIn('no@example.com')
    const { html } = await invitee.get('/')
    const action = /action="(\/invitations\/inv_[^"]*\/decline)"/.exec(html)![1]!
    expect((await invitee.submit(action)).location).toBe(`${gatehouse.url}/?notice=declined`)
    expect((await invitee.get(await linkFor('no@example.com'))).html).toContain('declined')
  })

  it('opens the only organization at sign-in, and invites more people from its page', async () => {
    const founder = await signIn('again.founder@example.com')
    await create(founder, 'Again', '')
    const later = await signIn('again.founder@example.com')
    expect((await later.get('/organizations/again')).html).toContain('Invite people')
    const page = await later.submit('/organizations/again/invitations', { addresses: 'four@example.com nonsense' })
    expect(page.html).toContain('Not an e-mail address')
    expect(await membersOf('again')).toContainEqual({ email: 'four@example.com', status: 'INVITED' })
  })

  it('invites nobody into the active organization by a form of another one', async () => {
    const founder = await signIn('two.founder@example.com')
    await create(founder, 'Former', '')
    await founder.get('/organizations/former')
    const form = founder.openForm('/organizations/former/invitations')
    await create(founder, 'Latter', '')
    const answer = await founder.post('/organizations/former/invitations', { ...form, addresses: 'five@example.com' })
    expect(answer.location).toBe(`${gatehouse.url}/`)
    expect(await membersOf('latter')).toEqual([{ email: 'two.founder@example.com', status: 'JOINED' }])
  })

  it('keeps what was typed when an organization cannot be founded', async () => {
    const founder = await signIn('typo@example.com')
    await founder.get('/organizations/new')
    const answer = await founder.submit('/organizations/new', { name: 'Kept', slug: '-no-', billingEmail: 'nobody' })
    expect(answer.status).toBe(422)
    expect(answer.html).toContain('value="Kept"')
    expect(await membersOf('kept')).toEqual([])
  })

  it('shows nothing of an organization to strangers', async () => {
    await create(await signIn('secret.founder@example.com'), 'Secret', '')
    const stranger = await signIn('stranger@example.com')
    expect((await stranger.get('/organizations/secret')).location).toBe(`${gatehouse.url}/`)
    const nobody = await new TestBrowser(gatehouse.url).get('/organizations/secret')
    expect(nobody.location).toBe(`${gatehouse.url}/login?returnTo=%2Forganizations%2Fsecret`)
  })
})
