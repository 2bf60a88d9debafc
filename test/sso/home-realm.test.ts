import { TestBrowser } from '../support/browser'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { arrangeProvider, enterSsoMode } from '../support/sso'
import { arrangeSsoOrganization, type SsoOrganization } from '../support/sso-company'
import { found, type TestOrganization } from '../support/world'

describe('finding the company of somebody who signs in', () => {
  let gatehouse: Gatehouse
  let one: SsoOrganization
  let several: SsoOrganization
  let byInvitation: TestOrganization
  let only: string

  beforeAll(async () => {
    gatehouse = await startGatehouse({}, { signInsPerMinute: 10_000 })
    one = await arrangeSsoOrganization(gatehouse, 'One')
    several = await arrangeSsoOrganization(gatehouse, 'Several')
    only = (await arrangeProvider(gatehouse, one, { status: 'ACTIVE', name: 'Only login' })).id
    await arrangeProvider(gatehouse, one, { status: 'TESTED', name: 'Not in use' })
    await arrangeProvider(gatehouse, several, { status: 'ACTIVE', name: 'Berlin' })
    await arrangeProvider(gatehouse, several, { status: 'ACTIVE', name: 'Tokyo' })
    byInvitation = await found(gatehouse, 'Invited')
  })
  afterAll(() => gatehouse.close())

  const open = () => new TestBrowser(gatehouse.url)
  const type = async (email: string) => {
    const browser = open()
    await browser.get('/login?returnTo=/organizations/x')
    return browser.submit('/login/email', { email })
  }
  /** What does not differ from one answer to the next of the same kind. */
  const shape = (html: string, email: string) =>
    html
      .replaceAll(email, '…')
      .replaceAll(encodeURIComponent(email), '…')
      .replace(/value="[\w-]{43}"/g, '')

  it('leads from a proven domain to the connection in use, and offers a code for accounts of one’s own', async () => {
    const { status, html } = await type(`ada@${one.domain}`)
    expect(status).toBe(200)
    expect(html).toContain('Sign in to One')
    const hint = encodeURIComponent(`ada@${one.domain}`)
    expect(html).toContain(`href="/sso/${only}/start?login_hint=${hint}&amp;returnTo=%2Forganizations%2Fx"`)
    expect(html).not.toContain('Not in use')
    expect(html).toContain('href="/login/email?returnTo=%2Forganizations%2Fx"')
  })

  it('answers alike for every address of a domain, whether somebody has it or not', async () => {
    const { html: known } = await type(`${one.admin.email.split('@')[0]}@${one.domain}`)
    const { html: unknown } = await type(`nobody@${one.domain}`)
    expect(shape(unknown, `nobody@${one.domain}`)).toBe(shape(known, `${one.admin.email.split('@')[0]}@${one.domain}`))
    const elsewhere = await type('nobody@elsewhere.example')
    const account = await type(byInvitation.admin.email)
    expect([elsewhere.status, account.status]).toEqual([200, 200])
    expect(shape(elsewhere.html, 'nobody@elsewhere.example')).toBe(shape(account.html, byInvitation.admin.email))
  })

  it('sends a code to an address of a proven domain when that is what was asked', async () => {
    const browser = open()
    await browser.get('/login/email')
    const { html } = await browser.submit('/login/email', { email: `ada@${one.domain}` })
    expect(html).toContain('action="/login/email/verify"')
  })

  it('does not lead to a company by a subdomain, or by a domain that is not proven', async () => {
    for (const domain of [`mail.${one.domain}`, 'unproven.example'])
      expect((await type(`ada@${domain}`)).html).toContain('action="/login/email/verify"')
  })

  it('leads from the address of an organization straight to its only connection', async () => {
    const answer = await open().get(`/login/${one.slug}`)
    expect(answer.location).toBe(`${gatehouse.url}/sso/${only}/start?returnTo=%2Forganizations%2F${one.slug}`)
  })

  it('lets people choose among several connections', async () => {
    const { html } = await open().get(`/login/${several.slug}`)
    expect(html).toContain('Continue with Berlin')
    expect(html).toContain('Continue with Tokyo')
  })

  it('shows the usual ways where members come by invitation, and for a slug that nobody has', async () => {
    const { html, status } = await open().get(`/login/${byInvitation.slug}`)
    const unknown = await open().get('/login/nobody-has-this')
    expect([status, unknown.status]).toEqual([200, 200])
    const plain = (text: string, slug: string) => shape(text, slug)
    expect(plain(unknown.html, 'nobody-has-this')).toBe(plain(html, byInvitation.slug))
    expect(html).toContain(`value="/organizations/${byInvitation.slug}"`)
  })

  it('keeps its own addresses free of slugs', async () => {
    for (const slug of ['email', 'google', 'github', 'local', 'recovery', 'new']) {
      const { data } = await byInvitation.admin.account.send(
        `mutation ($slug: String!) { createOrganization(input: { name: "Sly", slug: $slug, billingEmail: "a@example.com" }) { userErrors { code path } } }`,
        { slug },
      )
      expect(data.createOrganization.userErrors).toEqual([{ code: 'INVALID', path: ['input', 'slug'] }])
    }
  })

  it('leads from the list of one’s organizations to the company of one that is entered so', async () => {
    const organization = await found(gatehouse, 'Converted')
    const { id } = await arrangeProvider(gatehouse, organization, { status: 'TESTED', name: 'Converted login' })
    await enterSsoMode(gatehouse, organization)
    await gatehouse.superuser.rows(
      `UPDATE sso_providers SET status = 'ACTIVE', organization_mode = 'SSO' WHERE organization_id = $1`,
      [organization.uuid],
    )
    const browser = open()
    browser.cookies.set('gatehouse_account', organization.admin.accountToken)
    await browser.get('/')
    const { html, status } = await browser.submit(`/organizations/${organization.slug}/open`)
    expect([status, html.includes(`/sso/${id}/start`)]).toEqual([200, true])
  })
})
