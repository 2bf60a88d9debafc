import { endSchemaChecks } from '../../src/sign-in/saml'
import {
  arrangeSsoOrganization,
  CompanyBrowser,
  connect,
  pathOf,
  type SsoOrganization,
  setUpConnection,
  startWorld,
  testConnection,
  type World,
} from '../support/sso-company'

const VIEWER = '{ viewer { user { name email } activeOrganization { slug } } }'
const MEMBERS = `query ($id: ID!) { organization(by: { id: $id }) { members(first: 50) { nodes { id email name status source role { key } } } } }`
const REFUSALS =
  'query ($id: ID!) { node(id: $id) { ... on SsoProvider { refusedSignIns(first: 5) { code detail email } } } }'
const LAST_TEST = `query ($id: ID!) { node(id: $id) { ... on SsoProvider { status lastTest {
  status steps { key status } received mappedEmail mappedName mappedRoleName errorCode errorMessage howToFix } } } }`

describe.each(['OIDC', 'SAML'] as const)('signing in through a company by %s', (protocol) => {
  let world: World
  let organization: SsoOrganization
  let providerId: string

  beforeAll(async () => {
    world = await startWorld()
    organization = await arrangeSsoOrganization(world.gatehouse)
    providerId = await connect(world, organization, protocol)
  })
  afterAll(async () => {
    await world.close()
    await endSchemaChecks()
  })

  const open = () => new CompanyBrowser(world.gatehouse.url)
  const admin = () => organization.admin.organization
  const address = (name: string) => `${name}@${organization.domain}`
  const signIn = (browser: CompanyBrowser, name: string, answering = {}, query = '') =>
    browser.signIn(providerId, protocol, address(name), { name, ...answering }, query)
  const memberOf = async (email: string) => {
    const { data } = await admin().send(MEMBERS, { id: organization.id })
    return data.organization.members.nodes.filter((member: { email: string }) => member.email === email)
  }
  const refusals = async () => (await admin().send(REFUSALS, { id: providerId })).data.node.refusedSignIns

  it('makes a member of a first sign-in, with a session of this organization and no account session', async () => {
    const browser = open()
    const page = await signIn(browser, 'emma')
    expect([page.status, page.html.includes('Globex')]).toEqual([200, true])
    expect(browser.cookies.has('gatehouse_account')).toBe(false)
    const { data } = await world.gatehouse.client(browser.session!).send(VIEWER)
    expect(data.viewer).toEqual({
      user: { name: 'emma', email: address('emma') },
      activeOrganization: { slug: organization.slug },
    })
    expect(await memberOf(address('emma'))).toEqual([
      expect.objectContaining({ status: 'JOINED', source: 'SSO', role: { key: 'member' } }),
    ])
  })

  it('finds the same member again, by the subject', async () => {
    await signIn(open(), 'again')
    const browser = open()
    await signIn(browser, 'again', { name: 'Again Renamed' })
    expect(browser.session).not.toBeNull()
    expect(await memberOf(address('again'))).toEqual([expect.objectContaining({ name: 'Again Renamed' })])
  })

  it('goes on where the person wanted to, and nowhere else', async () => {
    const browser = open()
    const back = await browser.wayBack(
      `/sso/${providerId}/start?returnTo=/organizations/${organization.slug}?a=1`,
      protocol,
      address('to'),
    )
    browser.follow = (first) => first
    let answer = await back()
    if (protocol === 'SAML') answer = await browser.get(pathOf(answer.location!))
    expect(answer.location).toBe(`${world.gatehouse.url}/organizations/${organization.slug}?a=1`)
  })

  it('makes one member of 20 first sign-ins at once', async () => {
    const ways = await Promise.all(
      Array.from({ length: 20 }, () => open().wayBack(`/sso/${providerId}/start`, protocol, address('crowd'))),
    )
    const pages = await Promise.all(ways.map((back) => back()))
    expect(pages.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(await memberOf(address('crowd'))).toHaveLength(1)
    const [{ users }] = (await world.gatehouse.superuser.rows(
      'SELECT count(*)::int AS users FROM users WHERE email = $1',
      [address('crowd')],
    )) as [{ users: number }]
    expect(users).toBe(1)
  })

  it('is finished only in the browser that began it, and once', async () => {
    const attacker = open()
    const victim = open()
    await victim.get('/login')
    const back = await attacker.wayBack(`/sso/${providerId}/start`, protocol, address('mallory'))
    const kept = new Map(attacker.cookies)
    attacker.cookies.clear()
    const stolen = await back()
    expect(stolen.status).toBe(410)
    expect(attacker.session).toBeNull()
    for (const [name, value] of kept) attacker.cookies.set(name, value)
    if (protocol === 'OIDC') {
      expect((await back()).status).toBe(200)
      expect((await back()).status).toBe(410)
    }
  })

  it.each([
    'denied',
    'expired',
    'wrong-audience',
    'wrong-issuer',
    'other-request',
    'wrong-key',
    'unsigned',
    'tampered',
  ])('refuses an answer that is %s, tells the employee little and the Admin what to do', async (answer) => {
    const browser = open()
    const page = await signIn(browser, 'refused', { answer })
    expect(page.status).toBe(400)
    expect(page.html).toContain('You could not sign in')
    expect(browser.session).toBeNull()
    expect(await memberOf(address('refused'))).toEqual([])
    const [{ code, detail }] = await refusals()
    expect(code).toMatch(/^(CANCELLED|PROVIDER_ERROR|TOKEN_INVALID|SAML_\w+)$/)
    expect(page.html).not.toContain(detail)
  })

  it('refuses an address of a domain that is not proven, and takes it where the connection allows others', async () => {
    const browser = open()
    const page = await browser.signIn(providerId, protocol, 'carl@partner.example')
    expect([page.status, browser.session]).toEqual([403, null])
    expect((await refusals())[0]).toMatchObject({ code: 'OTHER_DOMAIN', email: 'carl@partner.example' })
    await set({ allowsOtherDomains: true })
    await browser.signIn(providerId, protocol, 'carl@partner.example')
    expect(browser.session).not.toBeNull()
    await set({ allowsOtherDomains: false })
  })

  it('makes nobody a member where first sign-ins do not', async () => {
    await set({ justInTime: false })
    const page = await signIn(open(), 'uninvited')
    expect(page.status).toBe(403)
    expect((await refusals())[0]).toMatchObject({ code: 'NOT_PROVISIONED' })
    await set({ justInTime: true })
  })

  it('finds nobody by the address: another subject with it is refused', async () => {
    await signIn(open(), 'taken')
    const page = await signIn(open(), 'taken', { answer: 'new-subject' })
    expect(page.status).toBe(409)
    expect((await refusals())[0]).toMatchObject({ code: 'ADDRESS_IN_USE', email: address('taken') })
    expect(await memberOf(address('taken'))).toHaveLength(1)
  })

  it('refuses a member who is suspended, and one who was removed until that is lifted', async () => {
    await signIn(open(), 'sue')
    const [{ id }] = await memberOf(address('sue'))
    const change = (field: string) =>
      admin().send(
        `mutation ($org: ID!, $ids: [ID!]!) { ${field}(organizationId: $org, members: { ids: $ids }) { userErrors { code } } }`,
        { org: organization.id, ids: [id] },
      )
    await change('suspendMembers')
    expect((await signIn(open(), 'sue')).status).toBe(403)
    expect((await refusals())[0]).toMatchObject({ code: 'SUSPENDED' })
    await change('removeMembers')
    const { status, html } = await signIn(open(), 'sue')
    expect([status, html.includes('An Admin of Globex can let you in again')]).toEqual([403, true])
    expect(html).not.toContain('Try again')
    expect((await refusals())[0]).toMatchObject({ code: 'REMOVED' })
    await admin().send('mutation ($id: ID!) { liftMemberBlock(memberId: $id) { userErrors { code } } }', { id })
    const browser = open()
    await signIn(browser, 'sue')
    expect(browser.session).not.toBeNull()
    expect(await memberOf(address('sue'))).toEqual([expect.objectContaining({ status: 'JOINED' })])
  })

  it('ends a session no later than the connection says', async () => {
    await set({ sessionLifetimeMinutes: 5 })
    const browser = open()
    await signIn(browser, 'short')
    const [{ minutes }] = (await world.gatehouse.superuser.rows(
      `SELECT round(extract(epoch FROM expires_at - now()) / 60)::int AS minutes FROM organization_sessions s
       JOIN members m ON m.organization_id = s.organization_id AND m.id = s.member_id WHERE m.email = $1`,
      [address('short')],
    )) as [{ minutes: number }]
    expect(minutes).toBe(5)
    await set({ sessionLifetimeMinutes: 720 })
  })

  it('reports a test step by step, and makes nobody a member by it', async () => {
    const id = await setUpConnection(organization, world.idp, protocol)
    const page = await testConnection(world.gatehouse, organization, id, protocol)
    for (const shown of ['The test has passed', 'The claims give a profile', 'role Member', address('tester')])
      expect(page.html).toContain(shown)
    const { data } = await admin().send(LAST_TEST, { id })
    expect(data.node).toMatchObject({
      status: 'TESTED',
      lastTest: {
        status: 'SUCCEEDED',
        steps: ['return', 'answer', 'profile', 'domain'].map((key) => ({ key, status: 'SUCCEEDED' })),
        mappedEmail: address('tester'),
        mappedName: 'Tess Ter',
        mappedRoleName: 'Member',
        errorCode: null,
      },
    })
    expect(JSON.stringify(data.node.lastTest.received)).toContain(address('tester'))
    expect(await memberOf(address('tester'))).toEqual([])
  })

  it('warns in a test of what keeps people out, and passes it all the same', async () => {
    const id = await setUpConnection(organization, world.idp, protocol)
    const page = await testConnection(world.gatehouse, organization, id, protocol, 'proper', 'tess@partner.example')
    for (const shown of ['The test has passed', 'The address may not come in yet', 'Passed, but'])
      expect(page.html).toContain(shown)
    const { data } = await admin().send(LAST_TEST, { id })
    expect(data.node).toMatchObject({ status: 'TESTED', lastTest: { status: 'SUCCEEDED' } })
    expect(data.node.lastTest.steps.at(-1)).toMatchObject({ key: 'domain', status: 'WARNING' })
  })

  it('reports a test that fails with a code and how to fix it', async () => {
    const id = await setUpConnection(organization, world.idp, protocol)
    const page = await testConnection(world.gatehouse, organization, id, protocol, 'wrong-key')
    for (const shown of ['The test has failed', 'The sign-in was refused', 'How to fix it'])
      expect(page.html).toContain(shown)
    const { data } = await admin().send(LAST_TEST, { id })
    expect(data.node).toMatchObject({
      status: 'DRAFT',
      lastTest: {
        status: 'FAILED',
        errorCode: protocol === 'OIDC' ? 'TOKEN_INVALID' : 'SAML_SIGNATURE',
        howToFix: expect.arrayContaining([expect.any(String)]),
      },
    })
  })

  it('answers alike for a connection that does not exist and one that is not in use', async () => {
    const draft = await setUpConnection(organization, world.idp, protocol)
    const browser = open()
    const answers = [
      await browser.get('/sso/sso_00000000000000000000000000/start'),
      await browser.get(`/sso/${draft}/start`),
      await browser.get('/sso/nonsense/start'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
  })

  async function set(input: Record<string, unknown>): Promise<void> {
    const { data } = await admin().send(
      'mutation ($id: ID!, $input: UpdateSsoProviderInput!) { updateSsoProvider(id: $id, input: $input) { userErrors { code message } } }',
      { id: providerId, input },
    )
    expect(data.updateSsoProvider.userErrors).toEqual([])
  }
})
