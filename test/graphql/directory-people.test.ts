import { newId, toTypeId } from '../../src/kernel/ids'
import { listDirectoryUsers } from '../../src/modules/directories'
import { countStatements, totalOf } from '../support/count-statements'
import {
  type ArrangedDirectory,
  type ArrangedGroup,
  type ArrangedUser,
  arrangeDirectory,
  arrangeDirectoryGroup,
  arrangeDirectoryUser,
} from '../support/directories'
import { planOf, settle } from '../support/explain'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { enterSsoMode } from '../support/sso'
import { found, join, memberTypeId, type OrganizationMember, type TestOrganization } from '../support/world'

const USERS = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $search: String, $active: Boolean) {
  node(id: $id) { ... on Directory { userCount users(first: $first, after: $after, last: $last, before: $before, search: $search, active: $active) {
    totalCount { value relation } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { id userName externalId active isAdopted attributes givenRole { key } member { id email } groups(first: 5) { totalCount { value } nodes { displayName } } } } } } }`
const GROUPS = `query ($id: ID!, $first: Int, $after: String, $search: String) { node(id: $id) { ... on Directory { groupCount groups(first: $first, after: $after, search: $search) {
  totalCount { value } pageInfo { hasNextPage endCursor }
  nodes { id displayName memberCount team { name source memberCount } users(first: 2) { totalCount { value } nodes { userName } pageInfo { hasNextPage } } } } } } }`
const MEMBER = `query ($id: ID!) { node(id: $id) { ... on Member { email directoryUser { id userName directory { id name } } } } }`

describe('the people and groups of a directory', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let weak: OrganizationMember
  let directory: ArrangedDirectory
  const people: ArrangedUser[] = []
  let crew: ArrangedGroup
  let company: ArrangedGroup

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse)
    await enterSsoMode(gatehouse, acme)
    weak = await join(gatehouse, acme)
    directory = await arrangeDirectory(gatehouse, acme)
    for (const [name, options] of [
      ['Ada@example.com', { externalId: '00u-Ada', role: 'admin' }],
      ['alan@example.com', {}],
      ['barbara', { email: 'b.liskov@example.org' }],
      ['edsger@example.com', { active: false }],
    ] as const)
      people.push(await arrangeDirectoryUser(gatehouse, directory, { userName: name, ...options }))
    crew = await arrangeDirectoryGroup(gatehouse, directory, 'Crew', people.slice(0, 3))
    company = await arrangeDirectoryGroup(gatehouse, directory, 'Company', [people[3]!], [crew])
  })
  afterAll(() => gatehouse.close())

  const ask = async (document: string, variables: Record<string, unknown> = {}, client = acme.admin.organization) => {
    const answer = await client.send(document, { id: directory.id, ...variables })
    expect(answer.errors).toBeUndefined()
    return answer.data.node as Answer
  }
  const names = ({ nodes }: Answer) => nodes.map(({ userName }: Answer) => userName)

  it('are listed by user name without case, with members, roles and groups', async () => {
    const { users, userCount } = await ask(USERS)
    expect([userCount, users.totalCount]).toEqual([4, { value: 4, relation: 'EXACT' }])
    expect(names(users)).toEqual(['Ada@example.com', 'alan@example.com', 'barbara', 'edsger@example.com'])
    expect(users.nodes[0]).toMatchObject({
      id: people[0]!.id,
      externalId: '00u-Ada',
      active: true,
      isAdopted: false,
      givenRole: { key: 'admin' },
      member: { id: toTypeId('Member', people[0]!.memberId), email: 'ada@example.com' },
      groups: { totalCount: { value: 1 }, nodes: [{ displayName: 'Crew' }] },
    })
    expect(users.nodes[0].attributes.emails).toEqual([{ value: 'ada@example.com', type: 'work', primary: true }])
    expect(users.nodes[1].givenRole).toBeNull()
  })

  it('are walked both ways', async () => {
    const first = (await ask(USERS, { first: 3 })).users
    const second = (await ask(USERS, { first: 3, after: first.pageInfo.endCursor })).users
    expect([names(second), first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([
      ['edsger@example.com'],
      true,
      false,
    ])
    const back = (await ask(USERS, { last: 2, before: second.pageInfo.startCursor })).users
    expect([names(back), back.pageInfo.hasPreviousPage]).toEqual([['alan@example.com', 'barbara'], true])
  })

  it('are found by the beginning of the user name, by a whole address and by the external id', async () => {
    const found = async (search: string) => names((await ask(USERS, { search })).users)
    expect(await found('A')).toEqual(['Ada@example.com', 'alan@example.com'])
    expect(await found('B.Liskov@example.org')).toEqual(['barbara'])
    expect(await found('00u-Ada')).toEqual(['Ada@example.com'])
    expect(await found('liskov')).toEqual([])
    expect(await found('%')).toEqual([])
    expect((await ask(USERS, { search: 'a', first: 1 })).users.totalCount).toEqual({ value: 2, relation: 'EXACT' })
  })

  it('are told apart by whether they are active', async () => {
    expect(names((await ask(USERS, { active: false })).users)).toEqual(['edsger@example.com'])
    expect(names((await ask(USERS, { active: true })).users)).toHaveLength(3)
    expect(names((await ask(USERS, { active: true, search: 'ed' })).users)).toEqual([])
  })

  it('have groups, each with its team and the people whom it names itself', async () => {
    const { groups, groupCount } = await ask(GROUPS)
    expect([groupCount, groups.totalCount.value]).toEqual([2, 2])
    expect(groups.nodes).toMatchObject([
      {
        id: company.id,
        displayName: 'Company',
        memberCount: 2,
        team: { name: 'Company', source: 'DIRECTORY', memberCount: 4 },
        users: {
          totalCount: { value: 1 },
          nodes: [{ userName: 'edsger@example.com' }],
          pageInfo: { hasNextPage: false },
        },
      },
      {
        displayName: 'Crew',
        memberCount: 3,
        users: { totalCount: { value: 3 }, nodes: [{}, {}], pageInfo: { hasNextPage: true } },
      },
    ])
    expect((await ask(GROUPS, { search: 'REW' })).groups.nodes).toHaveLength(1)
    const page = (await ask(GROUPS, { first: 1 })).groups
    expect((await ask(GROUPS, { first: 1, after: page.pageInfo.endCursor })).groups.nodes[0].displayName).toBe('Crew')
  })

  it('are found from the member, and from their own ids', async () => {
    const member = await ask(MEMBER, { id: toTypeId('Member', people[0]!.memberId) })
    expect(member.directoryUser).toMatchObject({ id: people[0]!.id, directory: { id: directory.id } })
    expect((await ask(MEMBER, { id: memberTypeId(weak) })).directoryUser).toBeNull()
    const text = '{ node(id: $id) { ... on DirectoryUser { userName } ... on DirectoryGroup { displayName } } }'
    expect(await ask(`query ($id: ID!) ${text}`, { id: people[1]!.id })).toEqual({ userName: 'alan@example.com' })
    expect(await ask(`query ($id: ID!) ${text}`, { id: crew.id })).toEqual({ displayName: 'Crew' })
    expect(await ask(`query ($id: ID!) ${text}`, { id: toTypeId('DirectoryUser', newId()) })).toBeNull()
  })

  it('are hidden from strangers and from members without directory.read', async () => {
    const stranger = (await found(gatehouse, 'Rival')).admin
    expect(await ask(USERS, {}, stranger.organization)).toBeNull()
    for (const id of [people[0]!.id, crew.id])
      expect(await ask('query ($id: ID!) { node(id: $id) { id } }', { id }, stranger.organization)).toBeNull()
    const seen = await weak.organization.send(MEMBER, { id: toTypeId('Member', people[0]!.memberId) })
    expect([seen.data.node.directoryUser, seen.extensions.denied?.[0]?.permission]).toEqual([null, 'directory.read'])
  })

  it('take as many statements for a long page as for a short one', async () => {
    for (let n = 0; n < 6; n += 1) await arrangeDirectoryUser(gatehouse, directory, { userName: `zoe.${n}` })
    for (let n = 0; n < 6; n += 1) await arrangeDirectoryGroup(gatehouse, directory, `Zone ${n}`, people.slice(0, 2))
    for (const document of [USERS, GROUPS]) {
      await ask(document, { first: 3 })
      const [short, long] = [
        totalOf(await countStatements(() => ask(document, { first: 3 }))),
        totalOf(await countStatements(() => ask(document, { first: 7 }))),
      ]
      expect(long).toBeLessThanOrEqual(10)
      expect(long).toBe(short)
    }
  })

  it('are found by indexes, however many there are', async () => {
    const big = await arrangeDirectory(gatehouse, acme)
    await gatehouse.superuser.rows(
      `INSERT INTO members (organization_id, id, email, name, status, source, role_id, removed_at)
       SELECT $1, gen_random_uuid(), 'p' || n || '@big.example', 'P', 'REMOVED', 'SCIM', r.id, now()
       FROM generate_series(1, 20000) AS n, roles r WHERE r.organization_id = $1 AND r.key = 'member'`,
      [acme.uuid],
    )
    await gatehouse.superuser.rows(
      `INSERT INTO directory_users (organization_id, directory_id, id, user_name, user_name_key, external_id, active, member_id, doc, comparable)
       SELECT $1, $2, gen_random_uuid(), email, email, id::text, true, id, '{}', '{}'
       FROM members WHERE organization_id = $1 AND email LIKE '%@big.example'`,
      [acme.uuid, big.uuid],
    )
    await gatehouse.superuser.rows(
      `INSERT INTO directory_user_values (organization_id, directory_id, user_id, attribute, position, value_key)
       SELECT organization_id, directory_id, id, 'emails', 0, user_name_key FROM directory_users WHERE directory_id = $1`,
      [big.uuid],
    )
    for (const table of ['directory_users', 'directory_user_values']) await settle(gatehouse, table)
    const scope = { kind: 'organization', organizationId: acme.uuid } as const
    const context = {
      organizationId: acme.uuid,
      actor: { kind: 'operator' },
      request: { id: 'r', ip: null, userAgent: null },
    } as const
    for (const [asked, index] of [
      [{}, 'directory_users_user_name_key'],
      [{ active: false }, 'directory_users_inactive'],
      [{ search: 'p77' }, 'directory_users_user_name_key'],
      [{ search: 'p77' }, 'directory_users_by_external_id'],
      [{ search: 'p77' }, 'directory_user_values_by_value'],
    ] as const) {
      const input = { directoryId: big.uuid, page: { first: 50 }, search: null, active: null, ...asked }
      const plan = await planOf(gatehouse.database, scope, (tx) =>
        listDirectoryUsers.run({ tx, ...context }, input, { organizationId: acme.uuid, directory: {} as never }),
      )
      expect([asked, plan]).toEqual([asked, expect.stringContaining(index)])
      expect([asked, plan]).toEqual([asked, expect.not.stringContaining('Seq Scan on directory_users')])
    }
  }, 120_000)
})
