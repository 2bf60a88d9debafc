import { fromTypeId, toTypeId } from '../../src/kernel/ids'
import { type AnotherInstance, startAnotherInstance } from '../support/another-instance'
import { arrangeKey } from '../support/api-keys'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { type Answer, GraphQLClient } from '../support/graphql-client'
import { ACCESS_RACES } from '../support/soak'
import { found, join, memberTypeId, type OrganizationMember, signUp, type TestOrganization } from '../support/world'

const CURRENT = '{ currentApiKey { id } }'
const RECEIPT = `receipt { sessionsRevoked apiKeysRevoked revokedApiKeys { id name } apiKeysKept keptApiKeys { name } } userErrors { code }`
const change = (name: string) =>
  `mutation ($id: ID!, $ids: [ID!]!) { ${name}(organizationId: $id, members: { ids: $ids }) { ${RECEIPT} } }`
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } secret userErrors { code } } }`

/** What ends a key. Each is answered by one instance and tried on it and on another. */
describe('a key', () => {
  let gatehouse: Gatehouse
  let other: AnotherInstance
  let acme: TestOrganization

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    other = await startAnotherInstance(gatehouse.testDatabase.appUrl)
    acme = await found(gatehouse, 'Acme')
  })
  afterAll(async () => {
    await other.close()
    await gatehouse.close()
  })

  const admin = () => acme.admin.organization
  const payloadOf = async (client: GraphQLClient, document: string, variables: object): Promise<Answer> =>
    Object.values((await client.send(document, variables as Record<string, unknown>)).data)[0]
  const end = (name: string, member: OrganizationMember, client = admin()) =>
    payloadOf(client, change(name), { id: acme.id, ids: [memberTypeId(member)] })
  const worksOn = async (token: string) => {
    const clients = [gatehouse.client(token), new GraphQLClient(`${other.url}/graphql`, token)]
    return Promise.all(clients.map(async (client) => (await client.send(CURRENT)).data.currentApiKey !== null))
  }
  const [everywhere, nowhere] = [
    [true, true],
    [false, false],
  ]
  async function newProject(name: string): Promise<{ id: string; slug: string }> {
    const make =
      'mutation ($id: ID!, $name: String!) { createProject(organizationId: $id, input: { name: $name }) { project { id slug } } }'
    return (await payloadOf(admin(), make, { id: acme.id, name })).project
  }
  async function newRobot(projectId: string): Promise<string> {
    const [row] = await gatehouse.superuser.rows<{ id: string }>(
      `INSERT INTO service_accounts (organization_id, id, project_id, name, role_id, created_by_name)
       SELECT $1, gen_random_uuid(), $2, 'Robot', id, 'Test' FROM roles WHERE organization_id = $1 AND key = 'project_member'
       RETURNING service_accounts.id`,
      [acme.uuid, fromTypeId('Project', projectId)],
    )
    return row!.id
  }
  const auditOf = async (action: string, target: string) =>
    (
      await gatehouse.superuser.rows<{ changes: unknown }>(
        `SELECT details->'changes' AS changes FROM audit_events WHERE action = $1 AND $2 = ANY (target_ids)`,
        [action, target],
      )
    )[0]!.changes

  it('ends with the membership of its person; what the person made for others lives on, and the receipt names both', async () => {
    const leaver = await join(gatehouse, acme, 'admin')
    const project = await newProject('Left behind')
    const own = await payloadOf(leaver.organization, CREATE, {
      input: { name: 'Mine', owner: { organizationId: acme.id } },
    })
    const shared = await payloadOf(leaver.organization, CREATE, {
      input: { name: 'Shared', owner: { projectId: project.id }, permissions: ['project.read'] },
    })
    expect(await worksOn(own.secret)).toEqual(everywhere)
    expect(await end('removeMembers', leaver)).toEqual({
      receipt: {
        sessionsRevoked: 1,
        apiKeysRevoked: 1,
        revokedApiKeys: [{ id: own.apiKey.id, name: 'Mine' }],
        apiKeysKept: 1,
        keptApiKeys: [{ name: 'Shared' }],
      },
      userErrors: [],
    })
    expect([await worksOn(own.secret), await worksOn(shared.secret)]).toEqual([nowhere, everywhere])
    expect(await auditOf('member.removed', memberTypeId(leaver))).toEqual([
      { field: 'status', before: 'JOINED', after: 'REMOVED' },
      { field: 'apiKeys', before: 1, after: 0 },
    ])
    const { data } = await admin().send(
      'query ($id: ID!) { node(id: $id) { ... on ApiKey { status revocationReason ownerName } } }',
      { id: own.apiKey.id },
    )
    expect(data.node).toEqual({ status: 'REVOKED', revocationReason: 'MEMBER_ENDED', ownerName: leaver.name })
  })

  it('names in the receipt only to those who may see all keys', async () => {
    const [remover, leaver] = [await join(gatehouse, acme), await join(gatehouse, acme)]
    await gatehouse.superuser.rows(
      `WITH removing AS (
         INSERT INTO roles (organization_id, id, scope, key, name, permissions)
         VALUES ($1, gen_random_uuid(), 'ORGANIZATION', 'remover', 'Remover', '{organization.read,member.read,member.remove}') RETURNING id
       ) UPDATE members SET role_id = removing.id FROM removing WHERE organization_id = $1 AND members.id = $2`,
      [acme.uuid, remover.memberId],
    )
    await arrangeKey(gatehouse, acme, { member: leaver })
    const { receipt } = await end('removeMembers', leaver, remover.organization)
    expect(receipt).toMatchObject({ apiKeysRevoked: 1, revokedApiKeys: [], keptApiKeys: [] })
  })

  it('ends with a suspension and does not come back with the reactivation', async () => {
    const member = await join(gatehouse, acme)
    const key = await arrangeKey(gatehouse, acme, { member })
    expect((await end('suspendMembers', member)).receipt).toMatchObject({ apiKeysRevoked: 1 })
    expect(await worksOn(key.token)).toEqual(nowhere)
    expect((await end('reactivateMembers', member)).userErrors).toEqual([])
    expect(await worksOn(key.token)).toEqual(nowhere)
  })

  it('of a suspended person is dead even if its row was forgotten: the epoch says so', async () => {
    const member = await join(gatehouse, acme)
    const key = await arrangeKey(gatehouse, acme, { member })
    await end('suspendMembers', member)
    await end('reactivateMembers', member)
    await gatehouse.superuser.rows('UPDATE api_keys SET revoked_at = NULL, revocation_reason = NULL WHERE id = $1', [
      fromTypeId('ApiKey', key.id),
    ])
    expect(await worksOn(key.token)).toEqual(nowhere)
  })

  it('ends when its person leaves', async () => {
    const member = await join(gatehouse, acme)
    const key = await arrangeKey(gatehouse, acme, { member })
    await member.organization.send('mutation ($id: ID!) { leaveOrganization(id: $id) { deletedId } }', { id: acme.id })
    expect(await worksOn(key.token)).toEqual(nowhere)
  })

  it('ends with its project, like the service accounts there, also where the contents move on', async () => {
    const [project, target] = [await newProject('Doomed'), await newProject('Target')]
    const robot = await newRobot(project.id)
    const keys = [
      await arrangeKey(gatehouse, acme, { project: project.id }),
      await arrangeKey(gatehouse, acme, { member: acme.admin }, { project: project.id }),
    ]
    await gatehouse.superuser.rows(
      `UPDATE api_keys SET owner_kind = 'SERVICE_ACCOUNT', service_account_id = $2 WHERE id = $1`,
      [fromTypeId('ApiKey', (await arrangeKey(gatehouse, acme, { project: project.id })).id), robot],
    )
    const remove =
      'mutation ($id: ID!, $input: DeleteProjectInput!) { deleteProject(id: $id, input: $input) { userErrors { code } } }'
    const input = { confirmSlug: project.slug, contents: { moveToProjectId: target.id } }
    expect((await payloadOf(admin(), remove, { id: project.id, input })).userErrors).toEqual([])
    for (const { token } of keys) expect(await worksOn(token)).toEqual(nowhere)
    expect(await auditOf('project.deleted', project.id)).toEqual([
      { field: 'contents', before: null, after: target.id },
      { field: 'serviceAccounts', before: 1, after: 0 },
      { field: 'apiKeys', before: 3, after: 0 },
    ])
  })

  it('stops at the next request when the account behind it is disabled, until it is enabled', async () => {
    const member = await join(gatehouse, acme)
    const key = await arrangeKey(gatehouse, acme, { member })
    const id = toTypeId('User', member.userId)
    await gatehouse.operator.send('mutation ($id: ID!) { disableUser(userId: $id) { user { id } } }', { id })
    expect(await worksOn(key.token)).toEqual(nowhere)
    await gatehouse.operator.send('mutation ($id: ID!) { enableUser(userId: $id) { user { id } } }', { id })
    expect(await worksOn(key.token)).toEqual(everywhere)
  })

  it('stops with its organization', async () => {
    const doomed = await found(gatehouse, 'Doomed')
    const key = await arrangeKey(gatehouse, doomed, { member: doomed.admin })
    expect(await worksOn(key.token)).toEqual(everywhere)
    await doomed.admin.organization.send(
      'mutation ($id: ID!, $slug: String!) { deleteOrganization(id: $id, confirmSlug: $slug) { userErrors { code } } }',
      { id: doomed.id, slug: doomed.slug },
    )
    expect(await worksOn(key.token)).toEqual(nowhere)
  })

  it('ends by its own time, on every instance', async () => {
    const key = await arrangeKey(gatehouse, acme, { member: acme.admin })
    await gatehouse.superuser.rows('UPDATE api_keys SET expires_at = now() WHERE id = $1', [
      fromTypeId('ApiKey', key.id),
    ])
    expect(await worksOn(key.token)).toEqual(nowhere)
  })

  it(`is refused from the answer to the removal on, whatever it was doing, in ${ACCESS_RACES} races`, async () => {
    const make =
      'mutation ($id: ID!, $name: String!) { createProject(organizationId: $id, input: { name: $name }) { project { id } userErrors { code message } } }'
    const person = await signUp(gatehouse, 'Leaver')
    for (let round = 0; round < ACCESS_RACES; round += 1) {
      const member = await join(gatehouse, acme, 'admin', person)
      const key = await arrangeKey(gatehouse, acme, { member })
      const elsewhere = new GraphQLClient(`${other.url}/graphql`, key.token)
      const name = `Race ${round}`
      const [removed, made] = await Promise.all([
        end('removeMembers', member),
        elsewhere.send(make, { id: acme.id, name }),
      ])
      expect(removed.receipt.apiKeysRevoked).toBe(1)
      expect(await worksOn(key.token)).toEqual(nowhere)
      expect((await elsewhere.send(make, { id: acme.id, name: `${name} late` })).status).toBe(401)
      const rows = await gatehouse.superuser.rows<{ name: string }>('SELECT name FROM projects WHERE name LIKE $1', [
        `${name}%`,
      ])
      const [refusal] = made.status === 200 ? made.data.createProject.userErrors : [made]
      // Whoever is out between the change and its reading is told that it was made.
      const wasMade = !refusal || String(refusal.message).startsWith('The change was made')
      expect(rows.map((row) => row.name)).toEqual(wasMade ? [name] : [])
      await gatehouse.superuser.rows('DELETE FROM projects WHERE name = $1', [name])
    }
  })
})
