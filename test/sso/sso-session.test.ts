import { toTypeId } from '../../src/kernel/ids'
import { TestBrowser } from '../support/browser'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { type ArrangedProvider, arrangeProvider, comeThrough, type Employee, enterSsoMode } from '../support/sso'
import { found, memberTypeId, signUp, type TestOrganization } from '../support/world'

const VIEWER = `{ viewer {
  user { name email } activeOrganization { slug } memberships { organization { name } }
  sessions { id scope authenticatedBy isCurrent ssoProvider { id name } } identities { kind email }
} }`
const REVOKE = 'mutation ($id: ID!) { revokeSession(id: $id) { revoked userErrors { code } } }'
const REVOKE_ALL = 'mutation { revokeAllSessions { revoked userErrors { code } } }'

describe('a session of somebody who has signed in through their company', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let provider: ArrangedProvider

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    await enterSsoMode(gatehouse, acme)
    provider = await arrangeProvider(gatehouse, acme, { status: 'ACTIVE', name: 'Acme login' })
  })
  afterAll(() => gatehouse.close())

  const isAlive = async (token: string) => (await gatehouse.client(token).send(VIEWER)).data.viewer !== null
  const browserOf = (employee: Employee) => {
    const browser = new TestBrowser(gatehouse.url)
    browser.cookies.set('gatehouse_organization', employee.token)
    return browser
  }

  it('shows the person as the company knows them, with its connection', async () => {
    const emma = await comeThrough(gatehouse, acme, provider)
    const { data } = await emma.organization.send(VIEWER)
    expect(data.viewer).toEqual({
      user: { name: 'Emma', email: emma.email },
      activeOrganization: { slug: acme.slug },
      memberships: [{ organization: { name: 'Acme' } }],
      sessions: [
        {
          id: expect.stringMatching(/^ses_/),
          scope: 'ORGANIZATION',
          authenticatedBy: 'SSO',
          isCurrent: true,
          ssoProvider: { id: provider.id, name: 'Acme login' },
        },
      ],
      identities: [{ kind: 'SSO', email: emma.email }],
    })
  })

  it('tells a company nothing of the other organizations, sessions and ways to sign in of the same user', async () => {
    const person = await signUp(gatehouse, 'Linked')
    await found(gatehouse, 'Elsewhere', person)
    const emma = await comeThrough(gatehouse, acme, provider)
    const move = (table: string) =>
      gatehouse.superuser.rows(`UPDATE ${table} SET user_id = $1 WHERE organization_id = $2 AND user_id = $3`, [
        person.userId,
        acme.uuid,
        emma.userId,
      ])
    for (const table of ['members', 'user_memberships', 'sso_identities', 'organization_sessions']) await move(table)
    const { data } = await emma.organization.send(VIEWER)
    expect(data.viewer).toMatchObject({
      user: { email: emma.email },
      memberships: [{ organization: { name: 'Acme' } }],
      sessions: [{ authenticatedBy: 'SSO' }],
      identities: [{ kind: 'SSO' }],
    })
    expect(JSON.stringify(data)).not.toContain(person.email)
  })

  it('opens nothing on the account side', async () => {
    const emma = await comeThrough(gatehouse, acme, provider)
    const found = await emma.organization.send(
      'mutation { createOrganization(input: { name: "Mine", slug: "mine", billingEmail: "a@example.com" }) { userErrors { code } } }',
    )
    expect(found.errors![0]!.extensions.code).toBe('UNAUTHENTICATED')
    const switched = await emma.organization.send(
      'mutation ($id: ID!) { switchOrganization(organizationId: $id) { userErrors { code } } }',
      { id: acme.id },
    )
    expect(switched.errors![0]!.extensions.code).toBe('UNAUTHENTICATED')
  })

  it('stands among the sessions of the member, with its connection', async () => {
    const emma = await comeThrough(gatehouse, acme, provider)
    const { data } = await acme.admin.organization.send(
      'query ($id: ID!) { node(id: $id) { ... on Member { sessions { authenticatedBy isCurrent ssoProvider { name } } } } }',
      { id: memberTypeId(emma) },
    )
    expect(data.node.sessions).toEqual([
      { authenticatedBy: 'SSO', isCurrent: false, ssoProvider: { name: 'Acme login' } },
    ])
  })

  it('ends others of its own and no one else’s', async () => {
    const emma = await comeThrough(gatehouse, acme, provider)
    const other = await emma.openSession()
    const stranger = await comeThrough(gatehouse, acme, provider)
    const ids = await gatehouse.superuser.rows<{ id: string; member_id: string }>(
      'SELECT id, member_id FROM organization_sessions WHERE organization_id = $1 ORDER BY id DESC LIMIT 2',
      [acme.uuid],
    )
    const idOf = (employee: Employee) =>
      toTypeId('Session', ids.find(({ member_id }) => member_id === employee.memberId)!.id)
    const refused = await emma.organization.send(REVOKE, { id: idOf(stranger) })
    expect(refused.data.revokeSession.userErrors).toEqual([{ code: 'NOT_FOUND' }])
    const ended = await emma.organization.send(REVOKE, { id: idOf(emma) })
    expect(ended.data.revokeSession).toEqual({ revoked: 1, userErrors: [] })
    expect(await Promise.all([emma.token, other, stranger.token].map(isAlive))).toEqual([true, false, true])
  })

  it('ends all others of its own at once', async () => {
    const emma = await comeThrough(gatehouse, acme, provider)
    const others = [await emma.openSession(), await emma.openSession()]
    const answer = await emma.organization.send(REVOKE_ALL)
    expect(answer.data.revokeAllSessions).toEqual({ revoked: 2, userErrors: [] })
    expect(await Promise.all([emma.token, ...others].map(isAlive))).toEqual([true, false, false])
  })

  it('leads from the front page into the organization, and ends when the browser signs out', async () => {
    const emma = await comeThrough(gatehouse, acme, provider)
    const browser = browserOf(emma)
    const home = await browser.get('/')
    expect([home.status, home.location]).toEqual([303, `${gatehouse.url}/organizations/${acme.slug}`])
    await browser.get(`/organizations/${acme.slug}`)
    const out = await browser.submit('/logout')
    expect(out.status).toBe(303)
    expect(browser.cookies.has('gatehouse_organization')).toBe(false)
    expect(await isAlive(emma.token)).toBe(false)
  })

  it('ends when the operator shuts the user out', async () => {
    const emma = await comeThrough(gatehouse, acme, provider)
    await emma.openSession()
    const { data } = await gatehouse.operator.send(
      'mutation ($id: ID!) { disableUser(userId: $id) { receipt { accountSessions organizationSessions } } }',
      { id: toTypeId('User', emma.userId) },
    )
    expect(data.disableUser.receipt).toEqual({ accountSessions: 0, organizationSessions: 2 })
    expect(await isAlive(emma.token)).toBe(false)
  })

  it('ends together with its connection', async () => {
    const second = await arrangeProvider(gatehouse, acme, { status: 'ACTIVE', name: 'Second' })
    const emma = await comeThrough(gatehouse, acme, second)
    const { data } = await acme.admin.organization.send(
      'mutation ($id: ID!) { disableSsoProvider(id: $id) { sessionsEnded userErrors { code } } }',
      { id: second.id },
    )
    expect(data.disableSsoProvider).toEqual({ sessionsEnded: 1, userErrors: [] })
    expect(await isAlive(emma.token)).toBe(false)
  })
})
