import {
  arrangeSsoOrganization,
  CompanyBrowser,
  connect,
  providerUuid,
  type SsoOrganization,
  setUpConnection,
  startWorld,
  testConnection,
  type World,
} from '../support/sso-company'
import { found, signUp } from '../support/world'

const MEMBERS = `query ($id: ID!) { organization(by: { id: $id }) { members(first: 50) { nodes {
  id email name ssoIdentities { subject email ssoProvider { id } } } } } }`
const VIEWER = '{ viewer { user { id email } activeOrganization { id } } }'
const REFUSALS =
  'query ($id: ID!) { node(id: $id) { ... on SsoProvider { refusedSignIns(first: 20) { code detail howToFix requestId } } } }'

describe('how far a company is believed', () => {
  let world: World
  let one: SsoOrganization
  let oneId: string

  beforeAll(async () => {
    world = await startWorld()
    one = await arrangeSsoOrganization(world.gatehouse, 'One')
    oneId = await connect(world, one, 'OIDC')
  })
  afterAll(() => world.close())

  const open = () => new CompanyBrowser(world.gatehouse.url)
  const membersOf = async (organization: SsoOrganization) =>
    (await organization.admin.organization.send(MEMBERS, { id: organization.id })).data.organization.members.nodes
  const memberOf = async (organization: SsoOrganization, email: string) =>
    (await membersOf(organization)).find((member: { email: string }) => member.email === email)
  const refusalsOf = async ({ admin }: SsoOrganization, id: string) =>
    (await admin.organization.send(REFUSALS, { id })).data.node.refusedSignIns
  const viewer = async (browser: CompanyBrowser) =>
    (await world.gatehouse.client(browser.session!).send(VIEWER)).data.viewer

  it('makes two users of one subject and address at two organizations', async () => {
    const two = await arrangeSsoOrganization(world.gatehouse, 'Two')
    const twoId = await connect(world, two, 'OIDC', { allowsOtherDomains: true })
    const email = `same@${one.domain}`
    const [here, there] = [open(), open()]
    await here.signIn(oneId, 'OIDC', email)
    await there.signIn(twoId, 'OIDC', email)
    const [inOne, inTwo] = [await viewer(here), await viewer(there)]
    expect(inOne.user.email).toBe(inTwo.user.email)
    expect(inOne.user.id).not.toBe(inTwo.user.id)
    expect([inOne.activeOrganization.id, inTwo.activeOrganization.id]).toEqual([one.id, two.id])
  })

  it('never opens an account that has verified the same address', async () => {
    const person = await signUp(world.gatehouse, 'Verified')
    const email = `verified@${one.domain}`
    await world.gatehouse.superuser.rows(
      'UPDATE identities SET email = $1, verified_emails = ARRAY[$1] WHERE user_id = $2',
      [email, person.userId],
    )
    await world.gatehouse.superuser.rows('UPDATE users SET email = $1 WHERE id = $2', [email, person.userId])
    const browser = open()
    await browser.signIn(oneId, 'OIDC', email)
    const { user } = await viewer(browser)
    const own = await person.account.send('{ viewer { user { id } memberships { organization { id } } } }')
    expect(user.id).not.toBe(own.data.viewer.user.id)
    expect(own.data.viewer.memberships).toEqual([])
  })

  it('takes name and address over, and leaves an address that another member has', async () => {
    const browser = open()
    await browser.signIn(oneId, 'OIDC', `mover@${one.domain}`, { name: 'Mover' })
    const { ssoIdentities, id } = await memberOf(one, `mover@${one.domain}`)
    expect(ssoIdentities).toEqual([
      { subject: expect.any(String), email: `mover@${one.domain}`, ssoProvider: { id: oneId } },
    ])
    await world.gatehouse.superuser.rows('UPDATE members SET email = $1 WHERE organization_id = $2 AND email = $3', [
      `before@${one.domain}`,
      one.uuid,
      `mover@${one.domain}`,
    ])
    await open().signIn(oneId, 'OIDC', `mover@${one.domain}`, { name: 'Mover Married' })
    expect(await memberOf(one, `mover@${one.domain}`)).toMatchObject({ id, name: 'Mover Married' })
  })

  it('is refused while the operator has disabled the user, and again let in afterwards', async () => {
    const browser = open()
    await browser.signIn(oneId, 'OIDC', `off@${one.domain}`)
    const { user } = await viewer(browser)
    const set = (field: string) =>
      world.gatehouse.operator.send(`mutation ($id: ID!) { ${field}(userId: $id) { userErrors { code } } }`, {
        id: user.id,
      })
    await set('disableUser')
    const refused = open()
    expect((await refused.signIn(oneId, 'OIDC', `off@${one.domain}`)).status).toBe(403)
    expect((await refusalsOf(one, oneId))[0]).toMatchObject({ code: 'USER_DISABLED' })
    await set('enableUser')
    await refused.signIn(oneId, 'OIDC', `off@${one.domain}`)
    expect(refused.session).not.toBeNull()
  })

  it('ends with the mode: no connection signs anybody in where members come by invitation', async () => {
    const organization = await found(world.gatehouse, 'Invited')
    const id = await setUpConnection(organization, world.idp, 'OIDC')
    await testConnection(world.gatehouse, { ...organization, domain: 'invited.example' }, id, 'OIDC')
    const { data } = await organization.admin.organization.send(
      'mutation ($id: ID!) { activateSsoProvider(id: $id) { userErrors { code } } }',
      { id },
    )
    expect(data.activateSsoProvider.userErrors).toEqual([{ code: 'MEMBERSHIP_MODE' }])
    expect((await open().get(`/sso/${id}/start`)).status).toBe(404)
  })

  it('keeps old settings until the new ones have passed a test, and takes them in the same moment', async () => {
    const three = await arrangeSsoOrganization(world.gatehouse, 'Three')
    const id = await connect(world, three, 'OIDC')
    const set = (clientSecret: string) =>
      three.admin.organization.send(
        `mutation ($id: ID!, $input: UpdateSsoProviderInput!) { updateSsoProvider(id: $id, input: $input) { provider { hasPendingSettings } userErrors { code message } } }`,
        { id, input: { protocol: { oidc: { clientSecret } } } },
      )
    expect((await set('wrong')).data.updateSsoProvider.provider.hasPendingSettings).toBe(true)
    const failed = await testConnection(world.gatehouse, three, id, 'OIDC')
    expect(failed.html).toContain('CLIENT_REFUSED')
    const browser = open()
    await browser.signIn(id, 'OIDC', `still@${three.domain}`)
    expect(browser.session).not.toBeNull()
    await set(world.idp.oidc.clientSecret)
    await testConnection(world.gatehouse, three, id, 'OIDC')
    const { data } = await three.admin.organization.send(
      'query ($id: ID!) { node(id: $id) { ... on SsoProvider { hasPendingSettings status } } }',
      { id },
    )
    expect(data.node).toEqual({ hasPendingSettings: false, status: 'ACTIVE' })
  })

  it('links a member who has just signed in to a subject, and lets them in by it from then on', async () => {
    const person = await signUp(world.gatehouse, 'Converted')
    const four = { ...(await found(world.gatehouse, 'Four', person)), domain: 'four.example' }
    const id = await setUpConnection(four, world.idp, 'OIDC')
    await testConnection(world.gatehouse, four, id, 'OIDC')
    const browser = open()
    browser.cookies.set('gatehouse_account', person.accountToken)
    const page = await browser.get(`/sso/${id}/link`)
    const start = /href="(\/sso\/[^"]*link=[^"]*)"/.exec(page.html)![1]!.replaceAll('&amp;', '&')
    const linked = await browser.signInFrom(start, 'OIDC', 'anything@elsewhere.example')
    expect(linked.status).toBe(200)
    const rows = await world.gatehouse.superuser.rows(
      'SELECT member_id FROM sso_identities WHERE organization_id = $1',
      [four.uuid],
    )
    expect(rows).toEqual([{ member_id: four.admin.memberId }])
    await world.gatehouse.superuser.rows(
      `UPDATE organizations SET membership_mode = 'SSO' WHERE organization_id = $1`,
      [four.uuid],
    )
    await world.gatehouse.superuser.rows(
      `UPDATE sso_providers SET status = 'ACTIVE', organization_mode = 'SSO' WHERE organization_id = $1`,
      [four.uuid],
    )
    const employee = open()
    await employee.signIn(id, 'OIDC', 'anything@elsewhere.example')
    const { data } = await world.gatehouse.client(employee.session!).send('{ viewer { memberships { roleKey } } }')
    expect(data.viewer.memberships).toEqual([{ roleKey: 'admin' }])
  })

  it('links nothing without a session of a moment ago, and not at the word of another page', async () => {
    const person = await signUp(world.gatehouse, 'Stale')
    const five = await found(world.gatehouse, 'Five', person)
    const id = await setUpConnection(five, world.idp, 'OIDC')
    await testConnection(world.gatehouse, { ...five, domain: 'five.example' }, id, 'OIDC')
    const browser = open()
    browser.cookies.set('gatehouse_account', person.accountToken)
    expect((await browser.get(`/sso/${id}/start?link=1`)).status).toBe(403)
    await world.gatehouse.superuser.rows(
      `UPDATE account_sessions SET created_at = now() - interval '20 minutes' WHERE user_id = $1`,
      [person.userId],
    )
    const stale = await browser.get(`/sso/${id}/link`)
    expect(stale.location).toBe(`${world.gatehouse.url}/login?returnTo=%2Fsso%2F${id}%2Flink`)
    expect((await open().get(`/sso/${id}/link`)).location).toContain('/login?returnTo=')
  })

  it('does not give away a subject that belongs to another member', async () => {
    const [owner, thief] = [open(), open()]
    await owner.signIn(oneId, 'OIDC', `owner@${one.domain}`)
    await thief.signIn(oneId, 'OIDC', `thief@${one.domain}`)
    const page = await thief.get(`/sso/${oneId}/link`)
    const start = /href="(\/sso\/[^"]*link=[^"]*)"/.exec(page.html)![1]!.replaceAll('&amp;', '&')
    const refused = await thief.signInFrom(start, 'OIDC', `owner@${one.domain}`)
    expect(refused.status).toBe(409)
    expect((await refusalsOf(one, oneId))[0]).toMatchObject({ code: 'IDENTITY_TAKEN' })
  })

  it('keeps the newest hundred refusals of a connection and no more', async () => {
    await world.gatehouse.superuser.rows(
      `INSERT INTO sso_refusals (organization_id, id, sso_provider_id, code, detail, request_id)
       SELECT $1, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, $2, 'CANCELLED', 'old', 'req' FROM generate_series(1, 150) n`,
      [one.uuid, providerUuid(oneId)],
    )
    await open().signIn(oneId, 'OIDC', `refused@${one.domain}`, { answer: 'denied' })
    const [{ kept }] = (await world.gatehouse.superuser.rows(
      'SELECT count(*)::int AS kept FROM sso_refusals WHERE sso_provider_id = $1',
      [providerUuid(oneId)],
    )) as [{ kept: number }]
    expect(kept).toBe(100)
  })

  it.each(['down', 'failing', 'garbage', 'slow'])(
    'says so within seconds when the provider is %s, and hurts nobody else',
    async (condition) => {
      const browser = open()
      const back = await browser.wayBack(`/sso/${oneId}/start`, 'OIDC', `patient@${one.domain}`)
      await world.setCondition(condition)
      try {
        const started = performance.now()
        const answering = back()
        const others = await Promise.all(
          Array.from({ length: 5 }, () => one.admin.organization.send('{ viewer { user { id } } }')),
        )
        const page = await answering
        expect(performance.now() - started).toBeLessThan(8_000)
        expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
        expect(page.status).toBe(503)
        expect(page.html).toContain('cannot be reached right now')
        const [refusal] = await refusalsOf(one, oneId)
        expect(refusal).toMatchObject({ code: 'IDP_UNREACHABLE', howToFix: [expect.any(String), expect.any(String)] })
        expect(page.html).toContain(refusal.requestId)
      } finally {
        await world.setCondition('up')
      }
    },
  )
})
