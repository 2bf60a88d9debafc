import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { invite, invited } from '../support/invitations'
import { giveRole, joinAs, makeRole, roleByKey } from '../support/roles'
import { found, join, memberTypeId, type OrganizationMember, type TestOrganization } from '../support/world'

const WORK = ['member.read', 'member.role.update', 'member.suspend', 'member.remove', 'member.add']
const change = (mutation: string, extra = '') => `mutation ($id: ID!, $ids: [ID!]!) {
  ${mutation}(organizationId: $id, members: { ids: $ids }${extra}) { results { userErrors { code ... on PermissionError { permission } } } userErrors { code } } }`
const CHANGES = {
  suspendMembers: change('suspendMembers'),
  reactivateMembers: change('reactivateMembers'),
  removeMembers: change('removeMembers'),
}

/** Who may be changed by whom: nobody touches those who may do more than they. */
describe('the rules of assigning roles', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let clerk: OrganizationMember
  let auditor: OrganizationMember
  let plain: OrganizationMember
  let clerkRole: string

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    clerkRole = await makeRole(acme, 'Clerk', [...WORK, 'invitation.read', 'invitation.create', 'invitation.revoke'])
    clerk = await joinAs(gatehouse, acme, clerkRole)
    auditor = await joinAs(gatehouse, acme, await makeRole(acme, 'Auditor', ['member.read', 'audit.read']))
    plain = await join(gatehouse, acme)
  })
  afterAll(() => gatehouse.close())

  const run = async (client: GraphQLClient, mutation: string, variables: object): Promise<Answer> =>
    Object.values((await client.send(mutation, { ...variables })).data ?? {})[0]
  const apply = (client: GraphQLClient, name: keyof typeof CHANGES, ...members: OrganizationMember[]) =>
    run(client, CHANGES[name], { id: acme.id, ids: members.map(memberTypeId) })
  const codesOf = ({ results }: Answer): (string | null)[] =>
    results.map(({ userErrors }: Answer) => userErrors[0]?.code ?? null)
  const standing = async ({ memberId }: OrganizationMember) => {
    const [row] = await gatehouse.superuser.rows<{ status: string; key: string; sessions: number }>(
      `SELECT m.status, r.key, (SELECT count(*)::int FROM organization_sessions s WHERE s.member_id = m.id AND s.revoked_at IS NULL) AS sessions
       FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id WHERE m.id = $1`,
      [memberId],
    )
    return row
  }

  it('let nobody suspend, remove or demote somebody who may do more, and change the others', async () => {
    const [one, other] = [await join(gatehouse, acme), await joinAs(gatehouse, acme, clerkRole)]
    const suspended = await apply(clerk.organization, 'suspendMembers', acme.admin, one, auditor, other)
    expect(codesOf(suspended)).toEqual(['FORBIDDEN', null, 'FORBIDDEN', null])
    expect(suspended.results[2].userErrors).toEqual([{ code: 'FORBIDDEN', permission: 'audit.read' }])
    expect(codesOf(await apply(clerk.organization, 'removeMembers', acme.admin, auditor, one))).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
      null,
    ])
    expect(await giveRole(acme, [acme.admin, auditor, other], clerkRole, clerk.organization)).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
    ])
    expect([await standing(acme.admin), await standing(auditor)]).toEqual([
      { status: 'JOINED', key: 'admin', sessions: 1 },
      { status: 'JOINED', key: 'auditor', sessions: 1 },
    ])
  })

  it('let nobody give back the access of somebody who may do more', async () => {
    const role = await makeRole(acme, 'Suspended auditor', ['audit.read'])
    const gone = await joinAs(gatehouse, acme, role)
    expect(codesOf(await apply(acme.admin.organization, 'suspendMembers', gone))).toEqual([null])
    expect(codesOf(await apply(clerk.organization, 'reactivateMembers', gone))).toEqual(['FORBIDDEN'])
    expect(codesOf(await apply(gatehouse.operator, 'reactivateMembers', gone))).toEqual([null])
  })

  it('hold a plain Member to be above nobody, also where the platform gives Members something', async () => {
    await gatehouse.operator.send(
      `mutation { registerPermissions(input: [{ key: "image.generate", title: "x", scope: RESOURCE, isForMembers: true }]) { userErrors { code } } }`,
    )
    const target = await join(gatehouse, acme)
    expect(codesOf(await apply(clerk.organization, 'suspendMembers', target))).toEqual([null])
    expect(codesOf(await apply(clerk.organization, 'reactivateMembers', target))).toEqual([null])
    expect(codesOf(await apply(clerk.organization, 'removeMembers', target))).toEqual([null])
  })

  it('let Admin and operator change everybody', async () => {
    const targets = [await join(gatehouse, acme, 'admin'), await joinAs(gatehouse, acme, clerkRole)]
    for (const client of [acme.admin.organization, gatehouse.operator]) {
      expect(codesOf(await apply(client, 'suspendMembers', ...targets))).toEqual([null, null])
      expect(codesOf(await apply(client, 'reactivateMembers', ...targets))).toEqual([null, null])
    }
  })

  it('let nobody hand out more than they hold, whichever way', async () => {
    const [adminRole, richRole] = [
      await roleByKey(gatehouse, acme, 'admin'),
      await makeRole(acme, 'Rich', ['audit.read']),
    ]
    const add = `mutation ($id: ID!, $user: ID!, $role: ID!) { addMember(organizationId: $id, userId: $user, roleId: $role) { userErrors { code } } }`
    const newcomer = (await found(gatehouse, 'Elsewhere')).admin
    const [user] = await gatehouse.superuser.rows<{ id: string }>('SELECT id FROM users WHERE id = $1', [
      newcomer.userId,
    ])
    const userId = (await newcomer.account.send('{ viewer { user { id } } }')).data.viewer.user.id
    expect(user).toBeDefined()
    for (const roleId of [adminRole, richRole]) {
      expect(await giveRole(acme, [plain], roleId, clerk.organization)).toEqual(['FORBIDDEN'])
      expect(await giveRole(acme, [clerk], roleId, clerk.organization)).toEqual(['FORBIDDEN'])
      expect((await run(clerk.organization, add, { id: acme.id, user: userId, role: roleId })).userErrors).toEqual([
        { code: 'FORBIDDEN' },
      ])
      const { userErrors } = await invite(acme, { emails: ['rich@example.com'], roleId }, clerk.organization)
      expect(userErrors.map(({ code }: { code: string }) => code)).toEqual(['FORBIDDEN'])
    }
    expect(await standing(plain)).toMatchObject({ key: 'member' })
    expect(await giveRole(acme, [plain], clerkRole, clerk.organization)).toEqual([])
    expect(await giveRole(acme, [plain], await roleByKey(gatehouse, acme, 'member'))).toEqual([])
  })

  it('leave invitations of those above alone, which can be neither changed nor withdrawn', async () => {
    const above = await invited(gatehouse, acme, 'above@example.com', {
      roleId: await roleByKey(gatehouse, acme, 'admin'),
    })
    const below = await invited(gatehouse, acme, 'below@example.com')
    const update = `mutation ($id: ID!, $role: ID!) { updateInvitation(id: $id, input: { roleId: $role }) { userErrors { code } } }`
    const revoke = `mutation ($id: ID!, $ids: [ID!]!) { revokeInvitations(organizationId: $id, ids: $ids) { results { outcome } } }`
    const input = { role: clerkRole }
    expect((await run(clerk.organization, update, { id: above.id, ...input })).userErrors).toEqual([
      { code: 'FORBIDDEN' },
    ])
    expect((await run(clerk.organization, update, { id: below.id, ...input })).userErrors).toEqual([])
    const ask = `query ($id: ID!) { node(id: $id) { ... on Invitation { viewerCan(action: REVOKE) { allowed reason } } } }`
    const mayRevoke = async (id: string) => (await clerk.organization.send(ask, { id })).data.node.viewerCan
    expect(await mayRevoke(above.id)).toEqual({ allowed: false, reason: 'MISSING_PERMISSION' })
    expect(await mayRevoke(below.id)).toEqual({ allowed: true, reason: null })
    const { results } = await run(clerk.organization, revoke, { id: acme.id, ids: [above.id, below.id] })
    expect(results).toEqual([{ outcome: 'FORBIDDEN' }, { outcome: 'DONE' }])
    const [row] = await gatehouse.superuser.rows(
      `SELECT i.status, r.key FROM invitations i JOIN members m ON m.organization_id = i.organization_id AND m.id = i.member_id
       JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id WHERE i.email = 'above@example.com'`,
    )
    expect(row).toEqual({ status: 'PENDING', key: 'admin' })
  })

  it('hold for a key by what it was cut down to, whoever owns it', async () => {
    const create = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret userErrors { code } } }`
    const permissions = ['organization.read', 'member.read', 'member.suspend', 'role.manage']
    const owner = { organizationId: acme.id }
    const { data } = await acme.admin.organization.send(create, { input: { name: 'Robot', owner, permissions } })
    const robot = gatehouse.client(data.createApiKey.secret)
    const own = await join(gatehouse, acme)
    expect(codesOf(await apply(robot, 'suspendMembers', acme.admin, auditor, own))).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
      null,
    ])
    const make = (name: string, ...keys: string[]) => makeRole(acme, name, keys, {}, robot)
    await expect(make('Too much', 'member.read', 'member.remove')).rejects.toThrow('member.remove')
    const role = await make('Just right', 'member.read')
    const edit = `mutation ($id: ID!, $keys: [String!]!) { updateRole(id: $id, input: { permissions: $keys }) { userErrors { code } } }`
    const codes = async (keys: string[]) => (await run(robot, edit, { id: role, keys })).userErrors
    expect(await codes(['audit.read'])).toEqual([{ code: 'FORBIDDEN' }])
    expect(await codes(['member.suspend'])).toEqual([])
  })

  it('are what Member.viewerCan says beforehand', async () => {
    const ask = async (client: GraphQLClient, member: OrganizationMember) => {
      const { data } = await client.send(
        `query ($id: ID!, $email: String!) { organization(by: { id: $id }) { members(first: 1, filter: { search: $email }) { nodes {
          role: viewerCan(action: CHANGE_ROLE) { reason } suspend: viewerCan(action: SUSPEND) { reason }
          remove: viewerCan(action: REMOVE) { reason } } } } }`,
        { id: acme.id, email: member.email },
      )
      return Object.values(data.organization.members.nodes[0] as Record<string, { reason: string | null }>).map(
        ({ reason }) => reason,
      )
    }
    const missing = 'MISSING_PERMISSION'
    for (const above of [acme.admin, auditor])
      expect(await ask(clerk.organization, above)).toEqual([missing, missing, missing])
    expect(await ask(clerk.organization, plain)).toEqual([null, null, null])
    expect(await ask(clerk.organization, clerk)).toEqual([null, 'SELF', 'SELF'])
    expect(await ask(acme.admin.organization, auditor)).toEqual([null, null, null])
    expect(await ask(gatehouse.operator, auditor)).toEqual([null, null, null])
  })
})
