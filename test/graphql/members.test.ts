import { newId, toTypeId } from '../../src/kernel/ids'
import type { MemberOrderField } from '../../src/modules/members'
import { findMemberPage } from '../../src/modules/members/member-page.store'
import { countStatements, totalOf } from '../support/count-statements'
import { planOf, settle } from '../support/explain'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { newUser, pushTo } from '../support/scim'
import { makeSearchable } from '../support/search-texts'
import { found, join, type OrganizationMember, signUp, type TestOrganization } from '../support/world'

const MEMBERS = `
  query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $filter: MemberFilter, $orderBy: MemberOrder) {
    organization(by: { id: $id }) {
      members(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
        nodes { id email name status source isAdmin role { key } user { name } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        totalCount { value relation }
      }
    }
  }`

const INVITE = `
  mutation ($id: ID!, $emails: [String!]!) {
    inviteMembers(organizationId: $id, input: { emails: $emails }) { userErrors { code } }
  }`

const PAGE_ALONE = `
  query ($id: ID!, $first: Int) {
    organization(by: { id: $id }) {
      members(first: $first) { nodes { id name role { key name } user { id name } organization { slug } } }
    }
  }`

interface Seed {
  name: string
  email: string
  status?: string
  joinedAt?: string | null
  lastActiveAt?: string | null
  role?: 'admin' | 'member'
}

describe('members', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let lin: OrganizationMember

  const seed = async (organization: TestOrganization, { name, email, status, role, joinedAt, lastActiveAt }: Seed) => {
    const userId = newId()
    await gatehouse.superuser.rows('INSERT INTO users (id, name, email) VALUES ($1, $2, $3)', [userId, name, email])
    await gatehouse.superuser.rows(
      `INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at, last_active_at, suspended_at)
       SELECT $1, $2, CASE WHEN $6 = 'INVITED' THEN NULL ELSE $3::uuid END, $4, $5, $6, 'INVITATION', r.id, $8, $9,
              CASE WHEN $6 = 'SUSPENDED' THEN now() END
       FROM roles r WHERE r.organization_id = $1 AND r.scope = 'ORGANIZATION' AND r.key = $7`,
      [
        organization.uuid,
        newId(),
        userId,
        email,
        name,
        status ?? 'JOINED',
        role ?? 'member',
        joinedAt ?? null,
        lastActiveAt ?? null,
      ],
    )
    await makeSearchable(gatehouse.superuser)
  }

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    lin = await join(gatehouse, acme, 'member', await signUp(gatehouse, 'Lin'))
    await seed(acme, { name: 'Zoë_1', email: 'zoe@umlaut.example', joinedAt: '2025-01-02T00:00:00.001Z' })
    await seed(acme, { name: 'Bob 100%', email: 'bob@umlaut.example', joinedAt: '2025-01-02T00:00:00.002Z' })
    await seed(acme, { name: '', email: 'invited@later.example', status: 'INVITED' })
    await seed(acme, {
      name: 'Sue',
      email: 'sue@later.example',
      status: 'SUSPENDED',
      lastActiveAt: '2025-05-01T00:00:00Z',
    })
    await seed(acme, { name: 'Gone', email: 'gone@later.example', status: 'REMOVED', joinedAt: '2024-01-01T00:00:00Z' })
    await gatehouse.superuser.rows(
      'UPDATE organization_counters SET joined = joined + 2, invited = 1, suspended = 1 WHERE organization_id = $1',
      [acme.uuid],
    )
  })
  afterAll(() => gatehouse.close())

  const list = async (variables: object = {}, member: OrganizationMember = lin) => {
    const answer = await member.organization.send(MEMBERS, { id: acme.id, ...variables })
    return answer.data.organization.members
  }
  const names = async (variables: object) =>
    (await list(variables)).nodes.map((node: { name: string; email: string }) => node.name || node.email)

  it('lists everybody but the removed, latest first, with an exact count', async () => {
    const { nodes, totalCount, pageInfo } = await list()
    expect(nodes).toHaveLength(6)
    expect(nodes[0]).toMatchObject({ status: expect.stringMatching(/INVITED|SUSPENDED/), user: expect.anything() })
    expect(nodes.map((node: { name: string }) => node.name)).not.toContain('Gone')
    expect(nodes.at(-1)).toMatchObject({ name: 'Zoë_1', user: { name: 'Zoë_1' }, role: { key: 'member' } })
    expect(totalCount).toEqual({ value: 6, relation: 'EXACT' })
    expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false })
  })

  it.each(['JOINED_AT', 'NAME', 'EMAIL', 'LAST_ACTIVE_AT'])(
    'walks by %s forwards and backwards without losing or repeating anybody',
    async (field) => {
      for (const direction of ['ASC', 'DESC']) {
        const orderBy = { field, direction }
        const all = (await list({ orderBy })).nodes.map((node: { id: string }) => node.id)
        const walked: string[] = []
        let after: string | null = null
        do {
          const page = await list({ orderBy, first: 2, after })
          walked.push(...page.nodes.map((node: { id: string }) => node.id))
          after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
        } while (after)
        expect(walked).toEqual(all)
        const back = await list({ orderBy, last: 3 })
        expect(back.nodes.map((node: { id: string }) => node.id)).toEqual(all.slice(-3))
        const before = await list({ orderBy, last: 2, before: back.pageInfo.startCursor })
        expect(before.nodes.map((node: { id: string }) => node.id)).toEqual(all.slice(1, 3))
      }
    },
  )

  it('filters by status, role, source, domain, activity and Admin', async () => {
    expect(await names({ filter: { status: ['REMOVED'] } })).toEqual(['Gone'])
    expect(await names({ filter: { status: ['INVITED'] } })).toEqual(['invited@later.example'])
    expect(await names({ filter: { status: ['SUSPENDED', 'REMOVED'] } })).toHaveLength(2)
    expect(await names({ filter: { isAdmin: true } })).toEqual(['Acme Admin'])
    expect(await names({ filter: { isAdmin: false, emailDomain: ' UMLAUT.example ' } })).toEqual(['Bob 100%', 'Zoë_1'])
    expect(await names({ filter: { source: ['FOUNDER'] } })).toEqual(['Acme Admin'])
    expect(await names({ filter: { status: ['SUSPENDED'], lastActiveBefore: '2025-05-01T00:00:00Z' } })).toEqual([])
    expect(await names({ filter: { status: ['SUSPENDED'], lastActiveBefore: '2025-05-01T00:00:01Z' } })).toEqual([
      'Sue',
    ])
    const { data } = await lin.organization.send(
      'query ($id: ID!) { organization(by: { id: $id }) { roles(scope: ORGANIZATION) { id key } } }',
      { id: acme.id },
    )
    const admin = data.organization.roles.find((role: { key: string }) => role.key === 'admin')
    expect(await names({ filter: { roleIds: [admin.id] } })).toEqual(['Acme Admin'])
    expect(await names({ filter: { projectId: toTypeId('Project', newId()) } })).toEqual([])
  })

  it('searches any part of name and address, upper and lower case alike, wildcards taken literally', async () => {
    expect(await names({ filter: { search: 'ZOË' } })).toEqual(['Zoë_1'])
    expect(await names({ filter: { search: 'mlaut.ex' } })).toEqual(['Bob 100%', 'Zoë_1'])
    expect(await names({ filter: { search: '100%' } })).toEqual(['Bob 100%'])
    expect(await names({ filter: { search: 'oë_1' } })).toEqual(['Zoë_1'])
    expect(await names({ filter: { search: '%%%' } })).toEqual([])
    expect(await names({ filter: { search: 'gone' } })).toEqual([])
    expect(await names({ filter: { search: 'gone', status: ['REMOVED'] } })).toEqual(['Gone'])
    expect((await list({ filter: { search: 'later' } })).totalCount).toEqual({ value: 2, relation: 'EXACT' })
  })

  it('finds everybody by what they are called now, however they came', async () => {
    const invited = await found(gatehouse, 'Inviting')
    await invited.admin.organization.send(INVITE, { id: invited.id, emails: ['quite.new@searched.example'] })
    const search = async ({ id, admin }: TestOrganization, term: string) => {
      const answer = await admin.organization.send(MEMBERS, { id, filter: { search: term } })
      return answer.data.organization.members.nodes.map(({ email }: { email: string }) => email)
    }
    expect(await search(invited, 'QUITE.new')).toEqual(['quite.new@searched.example'])
    const pushed = await pushTo(gatehouse)
    const { body } = await pushed.scim.post(
      '/Users',
      newUser({ userName: 'pushed@searched.example', emails: [], displayName: 'Freyja' }),
    )
    expect(await search(pushed.organization, 'freyj')).toEqual(['pushed@searched.example'])
    await pushed.scim.patch(`/Users/${body.id}`, [{ op: 'replace', path: 'displayName', value: 'Gudrun' }])
    expect(await search(pushed.organization, 'freyj')).toEqual([])
    expect(await search(pushed.organization, 'gudrun')).toEqual(['pushed@searched.example'])
  })

  describe('in an organization of 12,000', () => {
    let large: TestOrganization

    // 2,500 of them are Zoë: enough to be many, but the last by name and so none of the first that a search looks at.
    beforeAll(async () => {
      large = await found(gatehouse, 'Large')
      await gatehouse.superuser.rows(
        `INSERT INTO members (organization_id, id, user_id, email, name, status, source, role_id, joined_at)
         SELECT $1, gen_random_uuid(), gen_random_uuid(), 'p' || i || '@large.example', CASE WHEN i % 24 < 5 THEN 'Zoë ' ELSE 'Bob ' END || i,
           CASE WHEN i % 100 = 0 THEN 'REMOVED' ELSE 'JOINED' END, 'ADMIN', r.id, now() - (i * 7919 % 12000) * interval '1 minute'
         FROM generate_series(1, 12000) i, roles r WHERE r.organization_id = $1 AND r.scope = 'ORGANIZATION' AND r.key = 'member'`,
        [large.uuid],
      )
      await makeSearchable(gatehouse.superuser)
    })

    it.each([
      ['everybody matches', 'LARGE.example'],
      ['many match, and none of the first', 'ZOË'],
      ['a few match', 'p1199'],
      ['nobody matches', 'e_ample'],
    ])('sorts and counts a search whole when %s', async (_what, search) => {
      const matching = `FROM members WHERE organization_id = $1 AND status <> 'REMOVED' AND user_id IS NOT NULL
               AND strpos(lower(name || ' ' || email), lower($2)) > 0`
      const [{ n }] = (await gatehouse.superuser.rows<{ n: number }>(`SELECT count(*)::int AS n ${matching}`, [
        large.uuid,
        search,
      ])) as [{ n: number }]
      for (const [field, column] of [
        ['JOINED_AT', 'joined_at'],
        ['NAME', 'name'],
      ])
        for (const direction of ['ASC', 'DESC']) {
          const expected = await gatehouse.superuser.rows<{ name: string }>(
            `SELECT name ${matching} ORDER BY ${column} ${direction}, id ${direction} LIMIT 100`,
            [large.uuid, search],
          )
          const variables = { id: large.id, filter: { search }, orderBy: { field, direction } }
          const page = async (more: object) =>
            (await large.admin.organization.send(MEMBERS, { ...variables, ...more })).data.organization.members
          const first = await page({ first: 50 })
          const second = first.pageInfo.hasNextPage
            ? await page({ first: 50, after: first.pageInfo.endCursor })
            : { nodes: [] }
          expect([...first.nodes, ...second.nodes].map((node: { name: string }) => node.name)).toEqual(
            expected.map(({ name }) => name),
          )
          expect(first.totalCount).toEqual({ value: Math.min(n, 10_000), relation: n > 10_000 ? 'AT_LEAST' : 'EXACT' })
        }
    })

    it('walks the order of the list where everybody matches, and sorts only where few do', async () => {
      await settle(gatehouse, 'members')
      const scope = { kind: 'organization', organizationId: large.uuid } as const
      const plan = (search: string) =>
        planOf(gatehouse.database, scope, (tx) => {
          const page = { size: 100, direction: 'forwards', cursor: null } as const
          return findMemberPage(tx, large.uuid, { search }, { field: 'JOINED_AT', direction: 'DESC' }, page)
        })
      expect(await plan('large.example')).toMatch(/Index Scan Backward using members_by_joined/)
      expect(await plan('large.example')).not.toMatch(/Sort|Seq Scan on members/)
      expect(await plan('p1199')).toMatch(/members_pkey/)
    })
  })

  it('refuses short search terms, foreign cursors and pages out of bounds', async () => {
    const code = async (variables: object) =>
      (await lin.organization.send(MEMBERS, { id: acme.id, ...variables })).errors?.[0]?.extensions.code
    const { pageInfo } = await list({ first: 1 })
    expect(await code({ filter: { search: ' ab ' } })).toBe('INVALID')
    expect(await code({ filter: { search: 'x'.repeat(101) } })).toBe('TOO_LONG')
    expect(await code({ first: 101 })).toBe('INVALID')
    expect(await code({ first: 1, last: 1 })).toBe('INVALID')
    expect(await code({ after: pageInfo.endCursor, orderBy: { field: 'NAME', direction: 'ASC' } })).toBe('INVALID')
    const [print, , id] = JSON.parse(Buffer.from(pageInfo.endCursor, 'base64url').toString()) as string[]
    const damaged = Buffer.from(JSON.stringify([print, 'yesterday', id])).toString('base64url')
    expect(await code({ after: damaged })).toBe('INVALID')
  })

  it('never shows or finds members of another organization', async () => {
    const other = await found(gatehouse, 'Umlaut rival')
    const answer = await other.admin.organization.send(MEMBERS, { id: acme.id })
    expect(answer.data.organization).toBeNull()
    const own = await other.admin.organization.send(MEMBERS, { id: other.id, filter: { search: 'umlaut' } })
    expect(own.data.organization.members.nodes.map((node: { name: string }) => node.name)).toEqual([
      'Umlaut rival Admin',
    ])
    const node = await other.admin.organization.send('query ($id: ID!) { node(id: $id) { id } }', {
      id: toTypeId('Member', lin.memberId),
    })
    expect(node.data.node).toBeNull()
  })

  it('holds the search function to the tenant of the transaction, whoever calls it', async () => {
    const other = await found(gatehouse, 'Elsewhere')
    const find = (organizationId: string) =>
      gatehouse.database.write({ kind: 'organization', organizationId }, (tx) =>
        tx.query<{ id: string }>({ name: 'test-search', text: 'SELECT unnest(search_members($1, true, 10)) AS id' }, [
          'umlaut',
        ]),
      )
    expect(await find(acme.uuid)).toHaveLength(2)
    expect(await find(other.uuid)).toEqual([])
    const outside = gatehouse.database.write({ kind: 'account' }, (tx) =>
      tx.query({ name: 'test-search', text: 'SELECT unnest(search_members($1, true, 10)) AS id' }, ['umlaut']),
    )
    expect(await outside).toEqual([])
    const [rights] = await gatehouse.superuser.rows(
      `SELECT pg_get_userbyid(proowner) AS owner, prosecdef, proconfig, proacl::text AS acl FROM pg_proc WHERE proname = 'search_members'`,
    )
    expect(rights).toMatchObject({
      owner: 'gatehouse_operator',
      prosecdef: true,
      proconfig: expect.arrayContaining(['search_path=pg_catalog, pg_temp']),
    })
    expect(String(rights!.acl)).not.toMatch(/[{,]=/)
  })

  it('answers a page in three statements, however long it is', async () => {
    const big = await found(gatehouse, 'Big')
    await gatehouse.superuser.rows(
      `INSERT INTO members (organization_id, id, email, name, status, source, role_id)
       SELECT $1, gen_random_uuid(), 'p' || i || '@big.example', 'P' || i, 'INVITED', 'INVITATION', r.id
       FROM generate_series(1, 100) i, roles r WHERE r.organization_id = $1 AND r.key = 'member'`,
      [big.uuid],
    )
    const statements = (first: number) =>
      countStatements(() => big.admin.organization.send(PAGE_ALONE, { id: big.id, first }))
    const [small, large] = [await statements(2), await statements(100)]
    expect([...large.entries()]).toEqual([...small.entries()])
    expect(totalOf(large)).toBeLessThanOrEqual(3)
    expect(large.get('members-joined_at-desc-all')).toBe(1)
  })

  it.each(['joined_at', 'name', 'email', 'last_active_at'])(
    'continues by %s inside the index, under row-level security, however deep the page is',
    async (order) => {
      const deep = await found(gatehouse, 'Deep')
      await gatehouse.superuser.rows(
        `INSERT INTO members (organization_id, id, email, name, status, source, role_id)
         SELECT $1, gen_random_uuid(), 'd' || i || '@deep.example', 'D' || i, 'INVITED', 'INVITATION', r.id
         FROM generate_series(1, 2000) i, roles r WHERE r.organization_id = $1 AND r.key = 'member'`,
        [deep.uuid],
      )
      await gatehouse.superuser.rows('ANALYZE members')
      const field = order.toUpperCase() as MemberOrderField
      const value = { joined_at: 'infinity', name: 'D5', email: 'd5', last_active_at: '-infinity' }[order]!
      const cursor = [value, '80000000-0000-7000-8000-000000000000']
      const page = { size: 25, direction: 'forwards', cursor } as const
      const scope = { kind: 'organization', organizationId: deep.uuid } as const
      const plan = await planOf(gatehouse.database, scope, (tx) =>
        findMemberPage(tx, deep.uuid, {}, { field, direction: 'ASC' }, page),
      )
      expect(plan.split('\n').find((line) => /Index Cond.*ROW\(/.test(line))).toContain(order)
    },
  )

  it('shows the caller its own place, the numbers by status and what its role allows', async () => {
    const { data } = await lin.organization.send(
      `query ($id: ID!) { organization(by: { id: $id }) {
         viewerMembership { id email isAdmin role { key scope isSystem permissions { key } } organization { id } }
         memberStats { joined invited suspended admins } } }`,
      { id: acme.id },
    )
    expect(data.organization.viewerMembership).toEqual({
      id: toTypeId('Member', lin.memberId),
      email: lin.email,
      isAdmin: false,
      role: {
        key: 'member',
        scope: 'ORGANIZATION',
        isSystem: true,
        permissions: [{ key: 'organization.read' }, { key: 'member.read' }, { key: 'team.read' }],
      },
      organization: { id: acme.id },
    })
    expect(data.organization.memberStats).toEqual({ joined: 4, invited: 1, suspended: 1, admins: 1 })
  })
})
