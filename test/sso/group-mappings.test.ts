import { personOf } from '../../src/modules/sso'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { type HostileOpenidProvider, startHostileOpenidProvider } from '../support/hostile-openid-provider'
import { arrangeCompany, authorize, connect as connectTo, VictimBrowser } from '../support/hostile-sign-in'
import {
  arrangeSsoOrganization,
  CompanyBrowser,
  connect,
  pathOf,
  type SsoOrganization,
  startWorld,
  type World,
} from '../support/sso-company'

const ROLES = 'query ($id: ID!) { organization(by: { id: $id }) { roles(scope: ORGANIZATION) { id key } } }'
const MEMBERS = `query ($id: ID!) { organization(by: { id: $id }) { members(first: 50) { nodes {
  id email role { key } teams(first: 10) { nodes { name } } } } } }`
const SET_ROLE = `mutation ($org: ID!, $ids: [ID!]!, $role: ID!) {
  setMembersRole(organizationId: $org, members: { ids: $ids }, roleId: $role) { userErrors { code } } }`

describe('what groups at the provider give', () => {
  let world: World
  let organization: SsoOrganization
  let providerId: string
  const roles: Record<string, string> = {}
  const teams: Record<string, string> = {}

  beforeAll(async () => {
    world = await startWorld()
    organization = await arrangeSsoOrganization(world.gatehouse)
    const { data } = await admin().send(ROLES, { id: organization.id })
    for (const { id, key } of data.organization.roles) roles[key] = id
    const created = await admin().send(
      `mutation ($id: ID!) { createRole(organizationId: $id, input: { scope: ORGANIZATION, name: "Auditor", permissions: ["organization.read", "member.read", "audit.read"] }) { role { id } userErrors { message } } }`,
      { id: organization.id },
    )
    roles.auditor = created.data.createRole.role.id
    for (const name of ['Red', 'Blue']) {
      const team = await admin().send(
        'mutation ($id: ID!, $name: String!) { createTeam(organizationId: $id, input: { name: $name }) { team { id } userErrors { message } } }',
        { id: organization.id, name },
      )
      teams[name] = team.data.createTeam.team.id
    }
    providerId = await connect(world, organization, 'OIDC', {
      groupMappings: [
        { group: 'auditors', roleId: roles.auditor },
        { group: 'bosses', roleId: roles.admin },
        { group: 'red', teamId: teams.Red },
        { group: 'blue', teamId: teams.Blue },
      ],
    })
  })
  afterAll(() => world.close())

  const admin = () => organization.admin.organization
  const signIn = async (name: string, groups = '') => {
    const browser = new CompanyBrowser(world.gatehouse.url)
    const page = await browser.signIn(providerId, 'OIDC', `${name}@${organization.domain}`, { groups })
    expect([page.status, browser.session]).toEqual([200, expect.any(String)])
    return browser.session!
  }
  const member = async (name: string) => {
    const { data } = await admin().send(MEMBERS, { id: organization.id })
    const {
      id,
      role,
      teams: of,
    } = data.organization.members.nodes.find(
      ({ email }: { email: string }) => email === `${name}@${organization.domain}`,
    )
    return { id, role: role.key, teams: of.nodes.map((team: { name: string }) => team.name) }
  }
  const setRole = async (id: string, role: string) => {
    const { data } = await admin().send(SET_ROLE, { org: organization.id, ids: [id], role: roles[role] })
    expect(data.setMembersRole.userErrors).toEqual([])
  }

  it('is a role and teams at the first sign-in; what is not mapped gives nothing', async () => {
    await signIn('rita', 'auditors,red,Admin,admin,owner')
    expect(await member('rita')).toMatchObject({ role: 'auditor', teams: ['Red'] })
    await signIn('nora', 'nothing')
    expect(await member('nora')).toMatchObject({ role: 'member', teams: [] })
  })

  it('is changed and taken back by the next sign-in', async () => {
    await signIn('carol', 'auditors,red')
    await signIn('carol', 'blue')
    expect(await member('carol')).toMatchObject({ role: 'member', teams: ['Blue'] })
    await signIn('carol', 'bosses,auditors')
    expect(await member('carol')).toMatchObject({ role: 'auditor', teams: [] })
  })

  it('leaves a role that somebody has given by hand, and teams that somebody was put into', async () => {
    await signIn('hank', 'auditors')
    const { id } = await member('hank')
    await setRole(id, 'admin')
    await admin().send(
      'mutation ($team: ID!, $ids: [ID!]!) { addTeamMembers(teamId: $team, memberIds: $ids) { userErrors { code } } }',
      { team: teams.Blue, ids: [id] },
    )
    await signIn('hank', 'red')
    expect(await member('hank')).toMatchObject({ role: 'admin', teams: ['Blue', 'Red'] })
    await signIn('hank', 'blue')
    await signIn('hank')
    expect(await member('hank')).toMatchObject({ role: 'admin', teams: ['Blue'] })
  })

  it('makes an Admin only by a mapping of an Admin, and tells the others', async () => {
    await signIn('bob', 'bosses')
    expect(await member('bob')).toMatchObject({ role: 'admin' })
    const mails = await world.gatehouse.superuser.rows(
      `SELECT payload FROM outbox_messages WHERE organization_id = $1 AND kind = 'mail.new-admin'`,
      [organization.uuid],
    )
    expect(JSON.stringify(mails)).toContain(`bob@${organization.domain}`)
  })

  it('never takes the role of the last Admin away, and lets them in', async () => {
    await signIn('lena', 'bosses')
    const others = await world.gatehouse.superuser.rows<{ id: string }>(
      `SELECT m.id FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
       WHERE m.organization_id = $1 AND r.key = 'admin' AND m.email <> $2`,
      [organization.uuid, `lena@${organization.domain}`],
    )
    await world.gatehouse.superuser.rows(
      `UPDATE members SET role_id = (SELECT id FROM roles WHERE organization_id = $1 AND scope = 'ORGANIZATION' AND key = 'member')
       WHERE organization_id = $1 AND id = ANY ($2)`,
      [organization.uuid, others.map(({ id }) => id)],
    )
    await world.gatehouse.superuser.rows('UPDATE organization_counters SET admins = 1 WHERE organization_id = $1', [
      organization.uuid,
    ])
    const token = await signIn('lena')
    const { data } = await world.gatehouse
      .client(token)
      .send('query ($id: ID!) { organization(by: { id: $id }) { viewerPermissions } }', { id: organization.id })
    expect(data.organization.viewerPermissions).toContain('organization.delete')
  })
})

/** How Entra says that somebody is in too many groups to name them. */
const LEFT_OUT = [
  { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.example/members' } } },
  { hasgroups: true },
  { 'http://schemas.microsoft.com/claims/groups.link': ['https://graph.example/members'] },
]

describe('groups that the provider leaves out because they are too many', () => {
  let gatehouse: Gatehouse
  let provider: HostileOpenidProvider
  let company: SsoOrganization
  let connection: string

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    provider = await startHostileOpenidProvider()
    company = await arrangeCompany(gatehouse, 'Acme')
    const { data } = await company.admin.organization.send(ROLES, { id: company.id })
    const roleId = data.organization.roles.find(({ key }: { key: string }) => key === 'admin').id
    connection = await connectTo(
      gatehouse,
      company,
      { oidc: provider },
      { groupMappings: [{ group: 'bosses', roleId }] },
    )
  })
  afterAll(async () => {
    await gatehouse.close()
    await provider.close()
  })

  const roleAfter = async (sub: string, claims: object) => {
    provider.behaviour = { claims: { sub, email: `${sub}@acme.example`, ...claims } }
    expect((await new VictimBrowser(gatehouse.url).signInByOidc(connection)).session).toMatch(/^gos_/)
    const { data } = await company.admin.organization.send(MEMBERS, { id: company.id })
    const members = data.organization.members.nodes as { email: string; role: { key: string } }[]
    return members.find(({ email }) => email === `${sub}@acme.example`)!.role.key
  }

  it('take no role away, and give none', async () => {
    expect(await roleAfter('bea', { groups: ['bosses'] })).toBe('admin')
    for (const hint of LEFT_OUT) expect(await roleAfter('bea', hint)).toBe('admin')
    expect(await roleAfter('new', LEFT_OUT[0]!)).toBe('member')
    // Where groups came along, and this is none of them, it is as they say.
    expect(await roleAfter('bea', { ...LEFT_OUT[0], groups: ['others'] })).toBe('member')
  })

  it('are named by the test of a connection that maps groups', async () => {
    const started = await company.admin.organization.send(
      'mutation ($id: ID!) { testSsoProvider(id: $id) { testRun { startUrl } } }',
      { id: connection },
    )
    provider.behaviour = { claims: LEFT_OUT[0]! }
    const browser = new VictimBrowser(gatehouse.url)
    const away = await browser.get(pathOf(started.data.testSsoProvider.testRun.startUrl))
    const page = await browser.return(await authorize(new URL(away.location!)))
    expect(page.status).toBe(400)
    expect(page.html).toContain('GROUPS_LEFT_OUT')
    expect(page.html).toContain('assigned to the application')
  })

  it('are told from no groups at all, by SAML as well', () => {
    const saml = { attributeMapping: {}, subjectSource: null, settings: { protocol: 'SAML' } } as const
    expect(personOf(saml, LEFT_OUT[2]!, 'x').groups).toBeNull()
    expect(personOf(saml, {}, 'x').groups).toEqual([])
    expect(personOf(saml, { _claim_names: 'groups', hasgroups: 'no' }, 'x').groups).toEqual([])
  })
})
