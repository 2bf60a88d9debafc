import { setTimeout as sleep } from 'node:timers/promises'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { forbiddenStates, switchedToSso, switcher } from '../support/membership-mode'
import { newUser, pushTo, type TestDirectory } from '../support/scim'
import { RACES } from '../support/soak'
import { arrangeProvider } from '../support/sso'
import {
  arrangeSsoOrganization,
  CompanyBrowser,
  connect,
  type SsoOrganization,
  startWorld,
  type World,
} from '../support/sso-company'
import { found, openSession } from '../support/world'

const MEMBERS = `query ($id: ID!) { organization(by: { id: $id }) { members(first: 50) { nodes { id email name status source } } } }`
const VIEWER = '{ viewer { user { email } } }'

describe('a person whom a directory has pushed', () => {
  let world: World
  let organization: SsoOrganization
  let directory: TestDirectory
  let providerId: string

  beforeAll(async () => {
    world = await startWorld()
    organization = await arrangeSsoOrganization(world.gatehouse)
    directory = await pushTo(world.gatehouse, {}, organization)
    providerId = await connect(world, organization, 'OIDC', { justInTime: false })
  })
  afterAll(() => world.close())

  const address = (name: string) => `${name}@${organization.domain}`
  const open = () => new CompanyBrowser(world.gatehouse.url)
  const push = async (name: string, more: Record<string, unknown> = {}) => {
    const userName = address(name)
    const emails = [{ value: userName, primary: true }]
    const answer = await directory.scim.post('/Users', newUser({ userName, emails, ...more }))
    expect(answer.status).toBe(201)
    return answer.body.id as string
  }
  const signIn = (browser: CompanyBrowser, name: string) => browser.signIn(providerId, 'OIDC', address(name), { name })
  const members = async (email: string) => {
    const { data } = await organization.admin.organization.send(MEMBERS, { id: organization.id })
    return data.organization.members.nodes.filter((member: { email: string }) => member.email === email)
  }
  const isAlive = async (token: string) => (await world.gatehouse.client(token).send(VIEWER)).data.viewer !== null

  it('signs in as the member that the directory has made, whose profile the directory keeps', async () => {
    await push('paula', { displayName: 'Paula Pushed', name: { formatted: 'Paula Pushed' } })
    const [before] = await members(address('paula'))
    const browser = open()
    await signIn(browser, 'paula')
    expect(browser.session).not.toBeNull()
    expect(await members(address('paula'))).toEqual([before])
    expect(before).toMatchObject({ source: 'SCIM', status: 'JOINED' })
  })

  it('is refused with the next request after the directory has deactivated them, and cannot sign in', async () => {
    const id = await push('dora')
    const browser = open()
    await signIn(browser, 'dora')
    expect(await isAlive(browser.session!)).toBe(true)
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', value: { active: false } }],
    }
    expect((await directory.scim.send('PATCH', `/Users/${id}`, patch)).status).toBeLessThan(300)
    expect(await isAlive(browser.session!)).toBe(false)
    const again = open()
    expect((await signIn(again, 'dora')).status).toBe(403)
    expect(again.session).toBeNull()
  })

  it('is not found by anybody before it was pushed, nor at another organization', async () => {
    expect((await signIn(open(), 'nobody')).status).toBe(403)
    const other = await arrangeSsoOrganization(world.gatehouse, 'Other')
    const otherId = await connect(world, other, 'OIDC', { justInTime: false, allowsOtherDomains: true })
    await push('petra')
    const browser = open()
    expect((await browser.signIn(otherId, 'OIDC', address('petra'))).status).toBe(403)
  })

  it('is not found by an address whose domain the organization has not proven', async () => {
    const userName = 'carl@partner.example'
    await directory.scim.post('/Users', newUser({ userName, emails: [{ value: userName }] }))
    expect((await open().signIn(providerId, 'OIDC', userName)).status).toBe(403)
  })

  it('is one subject: another one with the same address is refused', async () => {
    await push('olga')
    await signIn(open(), 'olga')
    const second = open()
    const page = await second.signIn(providerId, 'OIDC', address('olga'), { answer: 'new-subject' })
    expect([page.status, second.session]).toEqual([403, null])
  })

  it.each(['OIDC', 'SAML'] as const)(
    'X4 whom the directory has deactivated does not come back by %s, also where everybody may come, and nobody is renamed',
    async (protocol) => {
      const open = await arrangeSsoOrganization(world.gatehouse, `Open ${protocol}`.replace(' ', ''))
      const pushing = await pushTo(world.gatehouse, {}, open)
      const connection = await connect(world, open, protocol, { justInTime: true })
      const userName = `dana@${open.domain}`
      const { body } = await pushing.scim.post('/Users', newUser({ userName, displayName: 'Dana Pushed', emails: [] }))
      const enter = async () => {
        const browser = new CompanyBrowser(world.gatehouse.url)
        const { status } = await browser.signIn(connection, protocol, userName, { name: 'Someone Else' })
        return { status, session: browser.session }
      }
      const everybody = async () =>
        (await open.admin.organization.send(MEMBERS, { id: open.id })).data.organization.members.nodes
          .filter(({ email }: { email: string }) => email === userName)
          .map(({ name, status, source }: Record<string, string>) => [name, status, source])
      expect((await enter()).session).not.toBeNull()
      expect(await everybody()).toEqual([['Dana Pushed', 'JOINED', 'SCIM']])
      await pushing.scim.patch(`/Users/${body.id}`, [{ op: 'Replace', path: 'active', value: 'False' }])
      expect(await enter()).toEqual({ status: 403, session: null })
      expect(await everybody()).toEqual([['Dana Pushed', 'SUSPENDED', 'SCIM']])
      expect((await pushing.scim.get(`/Users/${body.id}`)).body.active).toBe(false)
    },
  )

  it('is not in when a sign-in and the deactivation meet, whichever comes first', async () => {
    for (let round = 0; round < RACES; round += 1) {
      const name = `race${round}`
      const id = await push(name)
      const browser = open()
      const back = await browser.wayBack(`/sso/${providerId}/start`, 'OIDC', address(name))
      const wait = (round % 7) * 4
      const [, patched] = await Promise.all([
        sleep(round % 2 === 0 ? wait : 0).then(back),
        sleep(round % 2 === 1 ? wait : 0).then(() =>
          directory.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }]),
        ),
      ])
      expect(patched).toMatchObject({ status: 200, body: { active: false } })
      if (browser.session) expect([round, await isAlive(browser.session)]).toEqual([round, false])
      expect(await members(address(name))).toMatchObject([{ status: 'SUSPENDED' }])
    }
  })
})

describe('a person whom a directory deactivates while the organization changes its membership mode', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  it('is not in, whichever comes first', async () => {
    const counted = { deactivated: 0, switched: 0 }
    for (let round = 0; round < RACES; round += 1) {
      const organization = await found(gatehouse, 'Switching')
      const provider = await arrangeProvider(gatehouse, organization, { status: 'TESTED' })
      await switchedToSso(gatehouse, organization, { providers: [provider] })
      const directory = await pushTo(gatehouse, {}, organization)
      const { id } = (await directory.scim.post('/Users', newUser())).body
      const [member] = await gatehouse.superuser.rows<{ id: string }>(
        'SELECT member_id AS id FROM directory_users WHERE directory_id = $1',
        [directory.uuid],
      )
      const session = gatehouse.client(await openSession(gatehouse, organization.uuid, member!.id))
      const { preview, switchBy } = switcher(organization)
      const { token } = await preview('INVITATION')
      const [patched, switched] = await Promise.all([
        sleep(round % 2 === 0 ? (round % 7) * 10 : 0).then(() =>
          directory.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }]),
        ),
        sleep(round % 2 === 1 ? (round % 7) * 4 : 0).then(() => switchBy(token, 'INVITATION')),
      ])
      const isDeactivated = patched.status === 200
      const isSwitched = switched.userErrors.length === 0
      counted.deactivated += Number(isDeactivated)
      counted.switched += Number(isSwitched)
      const [now] = await gatehouse.superuser.rows<{ status: string }>('SELECT status FROM members WHERE id = $1', [
        member!.id,
      ])
      const viewer = (await session.send(VIEWER)).data?.viewer ?? null
      expect([round, viewer, await forbiddenStates(gatehouse, organization)]).toEqual([round, null, []])
      if (isDeactivated) expect(now!.status).toBe('SUSPENDED')
      else expect([403, 409]).toContain(patched.status)
    }
    expect(counted.deactivated).toBeGreaterThan(0)
    expect(counted.switched).toBeGreaterThan(0)
  })
})
