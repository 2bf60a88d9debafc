import { newUser, pushTo, type TestDirectory } from '../support/scim'
import {
  arrangeSsoOrganization,
  CompanyBrowser,
  connect,
  type SsoOrganization,
  startWorld,
  type World,
} from '../support/sso-company'

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
})
