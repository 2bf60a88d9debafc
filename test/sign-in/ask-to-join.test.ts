import { toTypeId } from '../../src/kernel/ids'
import { TestBrowser } from '../support/browser'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { enterSsoMode } from '../support/sso'
import { found, join, type Person, signUp, type TestOrganization } from '../support/world'

describe('asking to join on the page of the account', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let domain: string
  let count = 0

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  beforeEach(async () => {
    count += 1
    acme = await found(gatehouse, 'Acme')
    domain = `acme-${count}.example`
    await gatehouse.superuser.rows(
      'INSERT INTO verified_domains (domain, organization_id, may_ask) VALUES ($1, $2, true)',
      [domain, acme.uuid],
    )
  })
  afterAll(() => gatehouse.close())

  const action = () => `/join-requests/${acme.id}`
  const open = (person: Person) => {
    const browser = new TestBrowser(gatehouse.url)
    browser.cookies.set('gatehouse_account', person.accountToken)
    return browser
  }
  const withAddress = async (email: string) => {
    const person = await signUp(gatehouse, 'Grace')
    await gatehouse.superuser.rows('UPDATE identities SET verified_emails = ARRAY[$2] WHERE user_id = $1', [
      person.userId,
      email,
    ])
    return person
  }
  const requests = () =>
    gatehouse.superuser.rows<{ id: string; status: string }>(
      'SELECT id, status FROM join_requests WHERE organization_id = $1 ORDER BY id',
      [acme.uuid],
    )

  it('asks with a button, says that it waits, and takes it back', async () => {
    const browser = open(await withAddress(`grace@${domain}`))
    expect((await browser.get('/')).html).toContain(domain)
    const asked = await browser.submit(action())
    expect([asked.status, asked.location]).toEqual([303, `${gatehouse.url}/?notice=asked`])
    const [request] = await requests()
    expect(request!.status).toBe('PENDING')
    const { html } = await browser.get('/?notice=asked')
    expect(html).toContain('Waiting for an Admin')
    expect(html).not.toContain(`action="${action()}"`)
    await browser.submit(`/join-requests/${toTypeId('JoinRequest', request!.id)}/cancel`)
    expect(await requests()).toEqual([{ id: request!.id, status: 'CANCELLED' }])
    expect((await browser.get('/')).html).toContain(`action="${action()}"`)
  })

  it('shows the member an organization, and no button, once an Admin has let them in', async () => {
    const browser = open(await withAddress(`grace@${domain}`))
    await browser.get('/')
    await browser.submit(action())
    const ids = (await requests()).map(({ id }) => toTypeId('JoinRequest', id))
    await acme.admin.organization.send(
      'mutation ($id: ID!, $ids: [ID!]!) { decideJoinRequests(organizationId: $id, ids: $ids, approve: true) { userErrors { code } } }',
      { id: acme.id, ids },
    )
    const { html } = await browser.get('/')
    expect(html).toContain(`/organizations/${acme.slug}/open`)
    expect(html).not.toContain('Ask to join')
  })

  it('says that it was declined, and offers nothing for a week', async () => {
    const browser = open(await withAddress(`grace@${domain}`))
    await browser.get('/')
    const form = browser.openForm(action())
    await browser.submit(action())
    await gatehouse.superuser.rows(
      `UPDATE user_join_requests SET status = 'DECLINED', decided_at = now() WHERE organization_id = $1`,
      [acme.uuid],
    )
    await gatehouse.superuser.rows(
      `UPDATE join_requests SET status = 'DECLINED', decided_at = now(), decided_by_name = 'Ada' WHERE organization_id = $1`,
      [acme.uuid],
    )
    const { html } = await browser.get('/')
    expect(html).toContain('Your request was declined lately')
    expect((await browser.post(action(), form)).status).toBe(409)
    await gatehouse.superuser.rows(
      `UPDATE user_join_requests SET decided_at = now() - interval '8 days' WHERE organization_id = $1`,
      [acme.uuid],
    )
    expect((await browser.get('/')).html).toContain(`action="${action()}"`)
  })

  it('shows nothing to anybody else, and answers them as if there were no organization', async () => {
    const unverified = await signUp(gatehouse, 'Eve')
    await gatehouse.superuser.rows('UPDATE users SET email = $2 WHERE id = $1', [unverified.userId, `eve@${domain}`])
    const others = [unverified, await withAddress(`eve@sub.${domain}`), await withAddress('eve@elsewhere.example')]
    for (const person of others) {
      const browser = open(person)
      const { html } = await browser.get('/')
      expect(html).not.toMatch(/Ask to join|Acme/)
      const csrfToken = /name="csrfToken" value="([^"]*)"/.exec(html)![1]!
      const nowhere = toTypeId('Organization', person.userId)
      const [refused, unknown] = [
        await browser.post(action(), { csrfToken }),
        await browser.post(`/join-requests/${nowhere}`, { csrfToken }),
      ]
      const withoutRequest = ({ html: page }: { html: string }) => page.replace(/<code>[^<]*/, '')
      expect([refused.status, withoutRequest(refused)]).toEqual([404, withoutRequest(unknown)])
    }
    const member = await join(gatehouse, acme, 'member', await withAddress(`member@${domain}`))
    expect((await open(member).get('/')).html).not.toContain('Ask to join')
    expect(await requests()).toEqual([])
  })

  it('offers nothing where the organization lets nobody ask, or its company decides', async () => {
    const browser = open(await withAddress(`grace@${domain}`))
    const offers = async () => (await browser.get('/')).html.includes('Ask to join')
    expect(await offers()).toBe(true)
    await gatehouse.superuser.rows('UPDATE verified_domains SET may_ask = false WHERE domain = $1', [domain])
    expect(await offers()).toBe(false)
    await gatehouse.superuser.rows('UPDATE verified_domains SET may_ask = true WHERE domain = $1', [domain])
    await enterSsoMode(gatehouse, acme)
    await gatehouse.superuser.rows(`UPDATE organization_cards SET membership_mode = 'SSO' WHERE organization_id = $1`, [
      acme.uuid,
    ])
    expect(await offers()).toBe(false)
  })

  it('takes no forged form, and nobody else takes a request back', async () => {
    const browser = open(await withAddress(`grace@${domain}`))
    await browser.get('/')
    expect((await browser.post(action(), { csrfToken: 'forged' })).status).toBe(403)
    await browser.get('/')
    await browser.submit(action())
    const [request] = await requests()
    const thief = open(await withAddress(`thief@${domain}`))
    const csrfToken = /name="csrfToken" value="([^"]*)"/.exec((await thief.get('/')).html)![1]!
    const path = `/join-requests/${toTypeId('JoinRequest', request!.id)}/cancel`
    expect((await thief.post(path, { csrfToken })).status).toBe(404)
    expect(await requests()).toEqual([{ id: request!.id, status: 'PENDING' }])
  })
})
