import { toTypeId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import { TestBrowser } from '../support/browser'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { arrangeProvider, comeThrough, type Employee, enterSsoMode } from '../support/sso'
import { found, type TestOrganization } from '../support/world'

/** What an employee sees whose session has ended while a page was open. */
describe('the next click after a session has ended', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    await enterSsoMode(gatehouse, acme)
  })
  afterAll(() => gatehouse.close())

  async function employee(): Promise<{ person: Employee; browser: TestBrowser }> {
    const person = await comeThrough(gatehouse, acme, await arrangeProvider(gatehouse, acme, { status: 'ACTIVE' }))
    return { person, browser: browserWith(person.token) }
  }
  function browserWith(token: string): TestBrowser {
    const browser = new TestBrowser(gatehouse.url)
    browser.cookies.set('gatehouse_organization', token)
    return browser
  }
  const home = () => `/organizations/${acme.slug}`
  const end = (mutation: 'removeMembers' | 'suspendMembers', { memberId }: Employee) =>
    acme.admin.organization.send(
      `mutation ($org: ID!, $ids: [ID!]!) { ${mutation}(organizationId: $org, members: { ids: $ids }) { userErrors { message } } }`,
      { org: acme.id, ids: [toTypeId('Member', memberId)] },
    )
  const loginUrl = () => `${gatehouse.url}/login?returnTo=${encodeURIComponent(home())}`

  it.each([
    ['removeMembers', 'You are no longer a member of Acme.', 'ask an Admin of Acme'],
    ['suspendMembers', 'Your access to Acme is suspended.', 'Ask an Admin of Acme'],
  ] as const)('after %s says so, and who can help', async (mutation, what, help) => {
    const { person, browser } = await employee()
    expect((await browser.get(home())).status).toBe(200)
    expect((await end(mutation, person)).data[mutation].userErrors).toEqual([])
    const { status, html } = await browser.get(home())
    expect(status).toBe(401)
    expect(html).toContain(what)
    expect(html).toContain(help)
    expect(html).not.toContain('Try again')
    expect(html).not.toContain(person.email)
  })

  it('says it once: the browser forgets the session', async () => {
    const { person, browser } = await employee()
    await end('removeMembers', person)
    expect((await browser.get('/')).html).toContain('You are no longer a member of Acme.')
    expect(browser.cookies.has('gatehouse_organization')).toBe(false)
    expect((await browser.get(home())).location).toBe(loginUrl())
  })

  it('leads back to the company when the session is merely over', async () => {
    const { person, browser } = await employee()
    await gatehouse.superuser.rows(
      `UPDATE organization_sessions SET created_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' WHERE member_id = $1`,
      [person.memberId],
    )
    const { html } = await browser.get(home())
    expect(html).toContain('You are no longer signed in to Acme.')
    expect(html).toContain(`href="/login/${acme.slug}?returnTo=${encodeURIComponent(home())}"`)
  })

  it('names no organization to whoever makes a token up', async () => {
    const answer = await browserWith(makeToken('organizationSession', acme.uuid).token).get(home())
    expect(answer.location).toBe(loginUrl())
  })
})
