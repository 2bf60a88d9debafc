import { fromTypeId, toTypeId } from '../../src/kernel/ids'
import { arrangeKey } from '../support/api-keys'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { RACES } from '../support/soak'
import { found, join, memberTypeId, type OrganizationMember, type TestOrganization } from '../support/world'

const ACCOUNT = 'id name description status version createdByName role { key } project { id } lastUsedAt'
const CREATE = `mutation ($project: ID!, $input: ServiceAccountInput!) { createServiceAccount(projectId: $project, input: $input) {
  serviceAccount { ${ACCOUNT} } userErrors { code path } } }`
const UPDATE = `mutation ($id: ID!, $input: ServiceAccountInput!, $version: Int) {
  updateServiceAccount(id: $id, input: $input, expectedVersion: $version) { serviceAccount { ${ACCOUNT} } userErrors { code path } } }`
const DISABLE = `mutation ($id: ID!) { disableServiceAccount(id: $id) { serviceAccount { status } apiKeysRevoked userErrors { code path } } }`
const ENABLE = `mutation ($id: ID!) { enableServiceAccount(id: $id) { serviceAccount { status } userErrors { code path } } }`
const DELETE = `mutation ($id: ID!) { deleteServiceAccount(id: $id) { deletedId apiKeysRevoked userErrors { code path } } }`
const OF_PROJECT = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { node(id: $id) { ... on Project {
  serviceAccounts(first: $first, after: $after, last: $last, before: $before) {
    nodes { name } totalCount { value } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }`
const OF_ORGANIZATION = `query ($id: ID!, $filter: ServiceAccountFilter) { organization(by: { id: $id }) {
  serviceAccounts(first: 100, filter: $filter) { nodes { name } } } }`
const CAN = `query ($id: ID!, $action: ServiceAccountAction!) { node(id: $id) { ... on ServiceAccount {
  viewerCan(action: $action) { allowed reason } } } }`

describe('service accounts', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let project: string
  let member: OrganizationMember
  let manager: OrganizationMember
  let stranger: OrganizationMember

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    stranger = (await found(gatehouse, 'Rival')).admin
    project = await newProject('Atlas')
    ;[member, manager] = [await join(gatehouse, acme), await join(gatehouse, acme)]
    await grant(project, member, 'project_member')
    await grant(project, manager, 'project_admin')
  })
  afterAll(() => gatehouse.close())

  const admin = () => acme.admin.organization
  const run = async (client: GraphQLClient, mutation: string, variables: Record<string, unknown> = {}) => {
    const answer = await client.send(mutation, variables)
    return { ...answer, payload: Object.values(answer.data ?? {})[0] as Answer }
  }
  const codes = (answer: { payload: { userErrors: { code: string }[] } }) =>
    answer.payload.userErrors.map((error) => error.code)
  const role = async (key: string): Promise<string> => {
    const [row] = await gatehouse.superuser.rows<{ id: string }>(
      'SELECT id FROM roles WHERE organization_id = $1 AND key = $2',
      [acme.uuid, key],
    )
    return toTypeId('Role', row!.id)
  }
  async function newProject(name: string): Promise<string> {
    const create =
      'mutation ($id: ID!, $name: String!) { createProject(organizationId: $id, input: { name: $name }) { project { id } } }'
    return (await run(admin(), create, { id: acme.id, name })).payload.project.id
  }
  async function grant(to: string, person: OrganizationMember, key: string): Promise<void> {
    const set =
      'mutation ($p: ID!, $m: ID!, $r: ID!) { setProjectGrant(projectId: $p, principalId: $m, roleId: $r) { userErrors { code } } }'
    expect(codes(await run(admin(), set, { p: to, m: memberTypeId(person), r: await role(key) }))).toEqual([])
  }
  const create = async (client: GraphQLClient, input: object, place = project) =>
    run(client, CREATE, { project: place, input: { roleId: await role('project_member'), ...input } })
  const newAccount = async (name: string, key = 'project_member'): Promise<string> =>
    (await create(admin(), { name, roleId: await role(key) })).payload.serviceAccount.id
  const audits = (id: string) =>
    gatehouse.superuser.rows<{ action: string; changes: { field: string; before: unknown; after: unknown }[] }>(
      `SELECT action, details->'changes' AS changes FROM audit_events WHERE $1 = ANY (target_ids) ORDER BY id`,
      [id],
    )
  const names = async (client: GraphQLClient, filter: object | null = null): Promise<string[]> =>
    (await client.send(OF_ORGANIZATION, { id: acme.id, filter })).data.organization.serviceAccounts.nodes.map(
      (node: { name: string }) => node.name,
    )
  const isAlive = async (client: GraphQLClient): Promise<boolean> =>
    (await client.send('query ($id: ID!) { node(id: $id) { id } }', { id: project })).data?.node !== null

  describe('createServiceAccount', () => {
    it('makes one with a role in its project, and audits it readably', async () => {
      const { payload } = await create(manager.organization, { name: ' Deployer\n', description: 'Ships' })
      expect(payload).toEqual({
        serviceAccount: {
          id: expect.stringMatching(/^svc_/),
          name: 'Deployer',
          description: 'Ships',
          status: 'ACTIVE',
          version: 1,
          createdByName: manager.name,
          role: { key: 'project_member' },
          project: { id: project },
          lastUsedAt: null,
        },
        userErrors: [],
      })
      const [audit] = await gatehouse.superuser.rows(
        `SELECT action, actor_kind, details->'targets' AS targets FROM audit_events WHERE $1 = ANY (target_ids)`,
        [payload.serviceAccount.id],
      )
      expect(audit).toEqual({
        action: 'service_account.created',
        actor_kind: 'member',
        targets: [
          { type: 'ServiceAccount', id: payload.serviceAccount.id, label: 'Deployer' },
          { type: 'Project', id: project, label: 'Atlas' },
        ],
      })
    })

    it('refuses bad values with their paths, and a name that the project has; other projects may have it', async () => {
      expect((await create(admin(), {})).payload.userErrors).toEqual([{ code: 'REQUIRED', path: ['input', 'name'] }])
      expect(
        (await create(admin(), { name: 'x'.repeat(101), description: 'y'.repeat(501) })).payload.userErrors,
      ).toEqual([
        { code: 'TOO_LONG', path: ['input', 'name'] },
        { code: 'TOO_LONG', path: ['input', 'description'] },
      ])
      expect((await create(admin(), { name: 'Roleless', roleId: null })).payload.userErrors).toEqual([
        { code: 'REQUIRED', path: ['input', 'roleId'] },
      ])
      expect((await create(admin(), { name: 'Wide', roleId: await role('member') })).payload.userErrors).toEqual([
        { code: 'INVALID', path: ['input', 'roleId'] },
      ])
      await newAccount('Twin')
      expect((await create(admin(), { name: 'Twin' })).payload.userErrors).toEqual([
        { code: 'NOT_UNIQUE', path: ['input', 'name'] },
      ])
      expect(codes(await create(admin(), { name: 'Twin' }, await newProject('Elsewhere')))).toEqual([])
    })

    it('hands out no more than the maker holds', async () => {
      const keeper = await join(gatehouse, acme)
      const roleId = await customRole('keeper', ['project.read', 'service_account.read', 'service_account.manage'])
      await grantRole(project, keeper, roleId)
      const wide = await create(keeper.organization, { name: 'Wide', roleId: await role('project_admin') })
      expect(wide.payload.userErrors).toEqual([{ code: 'FORBIDDEN', path: ['input', 'roleId'] }])
      const equal = await create(keeper.organization, { name: 'Equal', roleId: toTypeId('Role', roleId) })
      expect(codes(equal)).toEqual([])
      const { id } = equal.payload.serviceAccount
      const raise = await run(keeper.organization, UPDATE, { id, input: { roleId: await role('project_admin') } })
      expect(raise.payload.userErrors).toEqual([{ code: 'FORBIDDEN', path: ['input', 'roleId'] }])
      expect(await names(admin(), { search: 'Wide' })).toEqual([])
      const strong = await newAccount('Strong', 'project_admin')
      await run(admin(), DISABLE, { id: strong })
      expect((await run(keeper.organization, ENABLE, { id: strong })).payload.userErrors).toEqual([
        { code: 'FORBIDDEN', path: ['id'] },
      ])
    })

    it('answers FORBIDDEN to a plain project member, NOT_FOUND outside the project, 401 to nobody', async () => {
      const outside = await join(gatehouse, acme)
      expect(codes(await create(member.organization, { name: 'No' }))).toEqual(['FORBIDDEN'])
      expect(codes(await create(outside.organization, { name: 'No' }))).toEqual(['NOT_FOUND'])
      expect(codes(await create(stranger.organization, { name: 'No' }))).toEqual(['NOT_FOUND'])
      expect((await create(gatehouse.client(), { name: 'No' })).status).toBe(401)
      expect(await names(admin(), { search: 'No' })).toEqual([])
    })

    it('waits until an archived project is back', async () => {
      const shelved = await newProject('Shelved')
      await run(admin(), 'mutation ($id: ID!) { archiveProject(id: $id, archived: true) { userErrors { code } } }', {
        id: shelved,
      })
      expect(codes(await create(admin(), { name: 'Early' }, shelved))).toEqual(['WRONG_STATE'])
    })

    it(`lets exactly one of two have a name, in ${RACES} races`, async () => {
      for (let round = 0; round < RACES; round += 1) {
        const input = { name: `Race ${round}` }
        const answers = await Promise.all([create(admin(), input), create(admin(), input)])
        expect(answers.flatMap(codes)).toEqual(['NOT_UNIQUE'])
      }
    })
  })

  async function customRole(key: string, permissions: string[]): Promise<string> {
    const [row] = await gatehouse.superuser.rows<{ id: string }>(
      `INSERT INTO roles (organization_id, id, scope, key, name, permissions)
       VALUES ($1, gen_random_uuid(), 'PROJECT', $2, $2, $3) RETURNING id`,
      [acme.uuid, key, permissions],
    )
    return row!.id
  }
  async function grantRole(to: string, person: OrganizationMember, roleId: string): Promise<void> {
    await gatehouse.superuser.rows(
      `INSERT INTO project_grants (organization_id, id, project_id, member_id, role_id, granted_by_name)
       VALUES ($1, gen_random_uuid(), $2, $3, $4, 'Test')`,
      [acme.uuid, fromTypeId('Project', to), person.memberId, roleId],
    )
  }

  describe('updateServiceAccount', () => {
    it('changes what was sent, leaves the rest and audits the difference', async () => {
      const id = await newAccount('Before')
      const { payload } = await run(manager.organization, UPDATE, {
        id,
        input: { name: 'After', roleId: await role('project_admin') },
        version: 1,
      })
      expect(payload.serviceAccount).toMatchObject({ name: 'After', role: { key: 'project_admin' }, version: 2 })
      expect((await audits(id)).at(-1)).toEqual({
        action: 'service_account.updated',
        changes: [
          { field: 'name', before: 'Before', after: 'After' },
          { field: 'role', before: 'Project member', after: 'Project admin' },
        ],
      })
    })

    it('lets one of many concurrent edits of a version through, and no name twice', async () => {
      const id = await newAccount('Contended')
      await newAccount('Taken')
      expect(codes(await run(admin(), UPDATE, { id, input: { name: 'Taken' } }))).toEqual(['NOT_UNIQUE'])
      const edits = [1, 2, 3, 4, 5].map((n) => run(admin(), UPDATE, { id, input: { name: `Edit ${n}` }, version: 1 }))
      expect((await Promise.all(edits)).flatMap(codes)).toEqual(Array(4).fill('VERSION_MISMATCH'))
    })
  })

  describe('disableServiceAccount and enableServiceAccount', () => {
    it('ends its keys in the same breath and for good', async () => {
      const id = await newAccount('Switched')
      const keys = [
        await arrangeKey(gatehouse, acme, { serviceAccount: id }),
        await arrangeKey(gatehouse, acme, { serviceAccount: id }),
      ]
      expect(await Promise.all(keys.map(({ client }) => isAlive(client)))).toEqual([true, true])
      expect((await run(admin(), DISABLE, { id })).payload).toEqual({
        serviceAccount: { status: 'DISABLED' },
        apiKeysRevoked: 2,
        userErrors: [],
      })
      expect(await Promise.all(keys.map(({ client }) => isAlive(client)))).toEqual([false, false])
      expect((await run(admin(), DISABLE, { id })).payload.apiKeysRevoked).toBe(0)
      expect((await run(admin(), ENABLE, { id })).payload.serviceAccount).toEqual({ status: 'ACTIVE' })
      expect((await run(admin(), ENABLE, { id })).payload.serviceAccount).toEqual({ status: 'ACTIVE' })
      expect(await Promise.all(keys.map(({ client }) => isAlive(client)))).toEqual([false, false])
      expect((await audits(id)).map(({ action }) => action)).toEqual([
        'service_account.created',
        'service_account.disabled',
        'service_account.enabled',
      ])
    })
  })

  describe('deleteServiceAccount', () => {
    it('deletes it with its keys, and says how many', async () => {
      const id = await newAccount('Temporary')
      const key = await arrangeKey(gatehouse, acme, { serviceAccount: id })
      expect((await run(manager.organization, DELETE, { id })).payload).toEqual({
        deletedId: id,
        apiKeysRevoked: 1,
        userErrors: [],
      })
      expect(await isAlive(key.client)).toBe(false)
      expect((await admin().send('query ($id: ID!) { node(id: $id) { id } }', { id })).data.node).toBeNull()
      expect((await audits(id)).at(-1)).toEqual({
        action: 'service_account.deleted',
        changes: [{ field: 'apiKeys', before: 1, after: 0 }],
      })
      expect(codes(await run(admin(), DELETE, { id }))).toEqual(['NOT_FOUND'])
    })

    it('is for those who manage the project, like every other change', async () => {
      const id = await newAccount('Guarded')
      const key = await arrangeKey(gatehouse, acme, { serviceAccount: id })
      for (const mutation of [DELETE, DISABLE, ENABLE]) {
        expect(codes(await run(member.organization, mutation, { id }))).toEqual(['FORBIDDEN'])
        expect(codes(await run(stranger.organization, mutation, { id }))).toEqual(['NOT_FOUND'])
      }
      expect(codes(await run(member.organization, UPDATE, { id, input: { name: 'No' } }))).toEqual(['FORBIDDEN'])
      expect(codes(await run(stranger.organization, UPDATE, { id, input: { name: 'No' } }))).toEqual(['NOT_FOUND'])
      expect(await isAlive(key.client)).toBe(true)
    })
  })

  describe('the lists', () => {
    it('show a project its own, in pages both ways, without loss or repeat', async () => {
      const place = await newProject('Paged')
      for (const name of ['One', 'Two', 'Three']) await create(admin(), { name }, place)
      const walk = async (size: object, next: (info: Answer) => object | null) => {
        const seen: string[] = []
        for (let page: object | null = {}; page; ) {
          const { serviceAccounts }: Answer = (await admin().send(OF_PROJECT, { id: place, ...size, ...page })).data
            .node
          expect(serviceAccounts.totalCount).toEqual({ value: 3 })
          seen.push(serviceAccounts.nodes[0].name)
          page = next(serviceAccounts.pageInfo)
        }
        return seen
      }
      expect(await walk({ first: 1 }, (info) => (info.hasNextPage ? { after: info.endCursor } : null))).toEqual([
        'One',
        'Two',
        'Three',
      ])
      expect(await walk({ last: 1 }, (info) => (info.hasPreviousPage ? { before: info.startCursor } : null))).toEqual([
        'Three',
        'Two',
        'One',
      ])
    })

    it('show an Admin all projects, by name, status and project; nobody else without the permission', async () => {
      const place = await newProject('Listed')
      const { payload } = await create(admin(), { name: 'Needle 100%' }, place)
      await create(admin(), { name: 'Haystack' }, place)
      expect(await names(admin(), { search: '100%' })).toEqual(['Needle 100%'])
      await run(admin(), DISABLE, { id: payload.serviceAccount.id })
      expect(await names(admin(), { projectId: place, status: ['ACTIVE'] })).toEqual(['Haystack'])
      expect(await names(admin(), { projectId: place })).toEqual(['Needle 100%', 'Haystack'])
      const { data, extensions } = await manager.organization.send(OF_ORGANIZATION, { id: acme.id })
      expect([data.organization.serviceAccounts, extensions.denied?.[0]?.permission]).toEqual([
        null,
        'service_account.read',
      ])
      const own = await manager.organization.send(OF_PROJECT, { id: project })
      expect(own.data.node.serviceAccounts.nodes.length).toBeGreaterThan(0)
      const weak = await member.organization.send(OF_PROJECT, { id: project })
      expect(weak.data.node.serviceAccounts).toBeNull()
    })

    it('show whoever reads them by an organization role only the projects they are in', async () => {
      const reader = await join(gatehouse, acme)
      await gatehouse.superuser.rows(
        `WITH reading AS (
           INSERT INTO roles (organization_id, id, scope, key, name, permissions)
           VALUES ($1, gen_random_uuid(), 'ORGANIZATION', 'reader', 'Reader', '{organization.read,service_account.read}') RETURNING id
         ) UPDATE members SET role_id = reading.id FROM reading WHERE organization_id = $1 AND members.id = $2`,
        [acme.uuid, reader.memberId],
      )
      const place = await newProject('Isolated')
      await create(admin(), { name: 'Hidden from outside' }, place)
      expect(await names(reader.organization, { search: 'Hidden' })).toEqual([])
      await grant(place, reader, 'project_member')
      expect(await names(reader.organization, { search: 'Hidden' })).toEqual(['Hidden from outside'])
    })
  })

  it('tells a console which controls work', async () => {
    const id = await newAccount('Controlled')
    const can = async (client: GraphQLClient, action: string) =>
      (await client.send(CAN, { id, action })).data.node?.viewerCan ?? null
    expect(await can(manager.organization, 'DELETE')).toEqual({ allowed: true, reason: null })
    expect(await can(manager.organization, 'ENABLE')).toEqual({ allowed: false, reason: 'WRONG_STATE' })
    expect(await can(member.organization, 'DELETE')).toBeNull()
    await run(admin(), DISABLE, { id })
    expect(await can(admin(), 'CREATE_API_KEY')).toEqual({ allowed: false, reason: 'WRONG_STATE' })
    expect(await can(admin(), 'ENABLE')).toEqual({ allowed: true, reason: null })
  })
})
