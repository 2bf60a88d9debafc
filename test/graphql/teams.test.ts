import { newId, toTypeId } from '../../src/kernel/ids'
import { type AccessArranger, type Arranged, arrangeAccess, slugsSeenBy } from '../support/access'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { RACES } from '../support/soak'
import { found, join, memberTypeId, type OrganizationMember, type TestOrganization } from '../support/world'

describe('teams', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let arrange: AccessArranger
  let member: OrganizationMember
  let stranger: OrganizationMember

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    arrange = arrangeAccess(gatehouse, acme)
    member = await join(gatehouse, acme)
    stranger = (await found(gatehouse, 'Rival')).admin
  })
  afterAll(() => gatehouse.close())

  const admin = () => acme.admin.organization

  async function run(client: GraphQLClient, mutation: string, variables: Record<string, unknown> = {}) {
    const answer = await client.send(mutation, variables)
    return { ...answer, payload: Object.values(answer.data ?? {})[0] as Answer }
  }
  const codes = (answer: { payload: { userErrors: { code: string }[] } }) =>
    answer.payload.userErrors.map((error) => error.code)
  const CREATE = `mutation ($id: ID!, $input: TeamInput!) { createTeam(organizationId: $id, input: $input) {
    team { id slug name description source memberCount version parent { id } } userErrors { code path } } }`
  const create = (client: GraphQLClient, input: object) => run(client, CREATE, { id: acme.id, input })
  const newTeam = async (name: string, parentId?: string): Promise<{ id: string; slug: string }> => {
    const { payload } = await create(admin(), { name, parentId })
    expect(payload.userErrors).toEqual([])
    return payload.team
  }
  const UPDATE = `mutation ($id: ID!, $input: TeamInput!, $version: Int) { updateTeam(id: $id, input: $input, expectedVersion: $version) {
    team { slug name description version parent { id } } userErrors { code path } } }`
  const update = (client: GraphQLClient, id: string, input: object, version?: number) =>
    run(client, UPDATE, { id, input, version })
  const DELETE = 'mutation ($id: ID!) { deleteTeam(id: $id) { deletedId userErrors { code } } }'
  const ADD = `mutation ($team: ID!, $ids: [ID!]!, $role: TeamRole) { addTeamMembers(teamId: $team, memberIds: $ids, role: $role) {
    team { memberCount } results { index key userErrors { code } member { email } } userErrors { code path } } }`
  const REMOVE = `mutation ($team: ID!, $ids: [ID!]!) { removeTeamMembers(teamId: $team, memberIds: $ids) {
    team { memberCount } results { index key userErrors { code } } userErrors { code path } } }`
  const add = (client: GraphQLClient, team: { id: string }, people: { memberId: string }[], role = 'MEMBER') =>
    run(client, ADD, { team: team.id, ids: people.map(memberTypeId), role })
  const remove = (client: GraphQLClient, team: { id: string }, people: { memberId: string }[]) =>
    run(client, REMOVE, { team: team.id, ids: people.map(memberTypeId) })
  const codesPerItem = (answer: { payload: Answer }) =>
    answer.payload.results.map((result: Answer) => result.userErrors.map((error: Answer) => error.code).join())

  /** Every path must be that of the parent and the team itself. */
  async function expectSoundPaths(): Promise<void> {
    const broken = await gatehouse.superuser.rows(
      `SELECT t.slug FROM teams t LEFT JOIN teams p ON p.organization_id = t.organization_id AND p.id = t.parent_id
       WHERE t.path <> coalesce(p.path, '{}') || t.id`,
    )
    expect(broken).toEqual([])
  }
  /** Every counter must be the number of rows. */
  async function expectExactCounts(): Promise<void> {
    const wrong = await gatehouse.superuser.rows(
      `SELECT t.slug FROM teams t WHERE t.member_count <> (
         SELECT count(*) FROM team_members m WHERE m.organization_id = t.organization_id AND m.team_id = t.id)`,
    )
    expect(wrong).toEqual([])
  }
  const parentOf = async (id: string) =>
    (await admin().send('query ($id: ID!) { node(id: $id) { ... on Team { parent { id } } } }', { id })).data.node
      .parent?.id ?? null

  describe('createTeam', () => {
    it('creates a team with a slug made from its name, also below another one, and audits it', async () => {
      const { payload } = await create(admin(), { name: 'Platform Group', description: ' Runs it ' })
      expect(payload).toEqual({
        team: {
          id: expect.stringMatching(/^tem_/),
          slug: 'platform-group',
          name: 'Platform Group',
          description: 'Runs it',
          source: 'MANUAL',
          memberCount: 0,
          version: 1,
          parent: null,
        },
        userErrors: [],
      })
      const below = await create(admin(), { name: 'Databases', parentId: payload.team.id })
      expect(below.payload.team.parent).toEqual({ id: payload.team.id })
      const audits = await gatehouse.superuser.rows<{ details: Answer }>(
        "SELECT details FROM audit_events WHERE action = 'team.created' AND $1 = ANY (target_ids)",
        [below.payload.team.id],
      )
      expect(audits).toMatchObject([
        {
          details: {
            targets: [{ type: 'Team', label: 'Databases' }],
            changes: [{ field: 'parent', before: null, after: 'Platform Group' }],
          },
        },
      ])
    })

    it('refuses bad values with their paths, a taken slug, and a parent that is not there', async () => {
      expect((await create(admin(), { description: 'x'.repeat(501) })).payload.userErrors).toEqual([
        { code: 'REQUIRED', path: ['input', 'name'] },
        { code: 'TOO_LONG', path: ['input', 'description'] },
      ])
      expect((await create(admin(), { name: 'x', slug: 'No Slug' })).payload.userErrors).toEqual([
        { code: 'INVALID', path: ['input', 'slug'] },
      ])
      const { slug } = await newTeam('Taken')
      expect((await create(admin(), { name: 'x', slug })).payload.userErrors).toEqual([
        { code: 'NOT_UNIQUE', path: ['input', 'slug'] },
      ])
      const parentId = toTypeId('Team', newId())
      expect(codes(await create(admin(), { name: 'Orphan', parentId }))).toEqual(['NOT_FOUND'])
    })

    it('nests five deep and no deeper', async () => {
      let parentId: string | undefined
      for (let level = 1; level <= 5; level += 1) parentId = (await newTeam(`Level ${level}`, parentId)).id
      expect((await create(admin(), { name: 'Level 6', parentId })).payload.userErrors).toEqual([
        { code: 'INVALID', path: ['input', 'parentId'] },
      ])
      await expectSoundPaths()
    })

    it('answers FORBIDDEN to a member, NOT_FOUND to a stranger, 401 to nobody', async () => {
      expect(codes(await create(member.organization, { name: 'Not made' }))).toEqual(['FORBIDDEN'])
      expect(codes(await create(stranger.organization, { name: 'Not made' }))).toEqual(['NOT_FOUND'])
      expect((await create(gatehouse.client(), { name: 'Not made' })).status).toBe(401)
      expect(await gatehouse.superuser.rows("SELECT 1 FROM teams WHERE name = 'Not made'")).toEqual([])
    })
  })

  describe('updateTeam', () => {
    it('changes what was sent and leaves the rest', async () => {
      const parent = await newTeam('Kept parent')
      const team = await newTeam('Before', parent.id)
      const { payload } = await update(admin(), team.id, { name: 'After' }, 1)
      expect(payload).toEqual({
        team: { name: 'After', slug: 'before', description: null, version: 2, parent: { id: parent.id } },
        userErrors: [],
      })
      expect(codes(await update(admin(), team.id, { name: 'Stale' }, 1))).toEqual(['VERSION_MISMATCH'])
    })

    it('moves a team with everything below it, and to the top', async () => {
      const [left, right] = [await newTeam('Left'), await newTeam('Right')]
      const middle = await newTeam('Middle', left.id)
      const leaf = await newTeam('Leaf', middle.id)
      expect((await update(admin(), middle.id, { parentId: right.id })).payload.team.parent).toEqual({ id: right.id })
      expect(await parentOf(leaf.id)).toBe(middle.id)
      expect((await update(admin(), middle.id, { parentId: null })).payload.team.parent).toBeNull()
      await expectSoundPaths()
    })

    it('refuses a place below itself, one that is too deep, and one that is not there; nothing has moved', async () => {
      const top = await newTeam('Top')
      const below = await newTeam('Below', top.id)
      let lowest = (await newTeam('Deep 1')).id
      for (let level = 2; level <= 4; level += 1) lowest = (await newTeam(`Deep ${level}`, lowest)).id
      const refusal = [{ code: 'INVALID', path: ['input', 'parentId'] }]
      expect((await update(admin(), top.id, { parentId: top.id })).payload.userErrors).toEqual(refusal)
      expect((await update(admin(), top.id, { parentId: below.id })).payload.userErrors).toEqual(refusal)
      expect((await update(admin(), top.id, { name: 'Half', parentId: lowest })).payload.userErrors).toEqual(refusal)
      expect(codes(await update(admin(), top.id, { parentId: toTypeId('Team', newId()) }))).toEqual(['NOT_FOUND'])
      expect(codes(await update(admin(), top.id, { parentId: 'tem_x' }))).toEqual(['NOT_FOUND'])
      const [row] = await gatehouse.superuser.rows("SELECT name, version, parent_id FROM teams WHERE slug = 'top'")
      expect(row).toEqual({ name: 'Top', version: 1, parent_id: null })
      await expectSoundPaths()
    })

    it('does not move a team to where more is granted than the caller holds', async () => {
      const [rich, poor, secret] = [await arrange.team(), await arrange.team(), await arrange.project()]
      await arrange.grant(secret, { team: rich }, 'project_admin')
      const mover = await join(gatehouse, acme)
      await arrange.giveRole(
        mover,
        await arrange.customRole('ORGANIZATION', ['organization.read', 'team.read', 'team.update']),
      )
      const below = await arrange.team(rich)
      for (const place of [rich, below])
        expect((await update(mover.organization, poor.id, { parentId: place.id })).payload.userErrors).toEqual([
          { code: 'FORBIDDEN', path: ['input', 'parentId'] },
        ])
      await arrange.grant(secret, { member: mover }, 'project_admin')
      expect(codes(await update(mover.organization, poor.id, { parentId: below.id }))).toEqual([])
    })

    it('answers FORBIDDEN to a member, also to a manager of the team, and NOT_FOUND to a stranger', async () => {
      const team = await newTeam('Guarded')
      const manager = await join(gatehouse, acme)
      await add(admin(), team, [manager], 'MANAGER')
      for (const weak of [member, manager])
        expect(codes(await update(weak.organization, team.id, { name: 'x' }))).toEqual(['FORBIDDEN'])
      expect(codes(await update(stranger.organization, team.id, { name: 'x' }))).toEqual(['NOT_FOUND'])
    })

    it(`never makes a circle of two moves at once, in ${RACES} races`, async () => {
      const [one, other] = [await newTeam('Race one'), await newTeam('Race other')]
      for (let round = 0; round < RACES; round += 1) {
        const moves = [update(admin(), one.id, { parentId: other.id }), update(admin(), other.id, { parentId: one.id })]
        expect((await Promise.all(moves)).flatMap(codes)).toEqual(['INVALID'])
        await expectSoundPaths()
        for (const { id } of [one, other]) await update(admin(), id, { parentId: null })
      }
    })
  })

  describe('deleteTeam', () => {
    it('moves the teams below up, ends its grants and memberships, and audits what ended', async () => {
      const top = await newTeam('Stays')
      const gone = await newTeam('Goes', top.id)
      const child = await newTeam('Child', gone.id)
      const leaf = await newTeam('Grandchild', child.id)
      const someone = await join(gatehouse, acme)
      await add(admin(), gone, [someone])
      const project = await arrange.project('Granted')
      const uuid = (await gatehouse.superuser.rows<{ id: string }>("SELECT id FROM teams WHERE slug = 'goes'"))[0]!.id
      await arrange.grant(project, { team: { uuid, id: gone.id } })
      expect(await slugsSeenBy(someone, acme)).toEqual(['default', project.slug])

      expect((await run(admin(), DELETE, { id: gone.id })).payload).toEqual({ deletedId: gone.id, userErrors: [] })
      expect([await parentOf(child.id), await parentOf(leaf.id)]).toEqual([top.id, child.id])
      expect(await slugsSeenBy(someone, acme)).toEqual(['default'])
      await expectSoundPaths()
      const [audit] = await gatehouse.superuser.rows<{ details: Answer }>(
        "SELECT details FROM audit_events WHERE action = 'team.deleted' AND $1 = ANY (target_ids)",
        [gone.id],
      )
      expect(audit!.details).toMatchObject({
        targets: [
          { type: 'Team', label: 'Goes' },
          { type: 'Project', label: 'Granted' },
        ],
        changes: [
          { field: 'members', before: 1, after: 0 },
          { field: 'grants', before: 1, after: 0 },
        ],
      })
      expect(codes(await run(admin(), DELETE, { id: gone.id }))).toEqual(['NOT_FOUND'])
    })

    it('answers FORBIDDEN to a member and NOT_FOUND to a stranger', async () => {
      const team = await newTeam('Safe')
      expect(codes(await run(member.organization, DELETE, { id: team.id }))).toEqual(['FORBIDDEN'])
      expect(codes(await run(stranger.organization, DELETE, { id: team.id }))).toEqual(['NOT_FOUND'])
      expect(await parentOf(team.id)).toBeNull()
    })
  })

  describe('addTeamMembers and removeTeamMembers', () => {
    it('answer per member, count exactly, and change the role of who is in it already', async () => {
      const team = await newTeam('Counted')
      const [first, second] = [await join(gatehouse, acme), await join(gatehouse, acme)]
      const added = await run(admin(), ADD, {
        team: team.id,
        ids: [memberTypeId(first), 'nonsense', memberTypeId(stranger), memberTypeId(second), memberTypeId(first)],
      })
      expect(codesPerItem(added)).toEqual(['', 'NOT_FOUND', 'NOT_FOUND', '', 'INVALID'])
      expect(added.payload.team).toEqual({ memberCount: 2 })
      expect(added.payload.results[0].member).toEqual({ email: first.email })
      expect((await add(admin(), team, [first], 'MANAGER')).payload.team).toEqual({ memberCount: 2 })
      const removed = await remove(admin(), team, [first, member])
      expect(codesPerItem(removed)).toEqual(['', 'WRONG_STATE'])
      expect(removed.payload.team).toEqual({ memberCount: 1 })
      const actions = await gatehouse.superuser.rows<{ action: string }>(
        "SELECT action FROM audit_events WHERE action LIKE 'team.member.%' AND $1 = ANY (target_ids) ORDER BY id",
        [memberTypeId(first)],
      )
      expect(actions.map(({ action }) => action)).toEqual([
        'team.member.added',
        'team.member.updated',
        'team.member.removed',
      ])
      await expectExactCounts()
    })

    it('take 1 to 1,000 members', async () => {
      const team = await newTeam('Bounded')
      const ids = Array.from({ length: 1_001 }, () => toTypeId('Member', newId()))
      for (const [mutation, code, list] of [
        [ADD, 'REQUIRED', []],
        [ADD, 'TOO_MANY', ids],
        [REMOVE, 'TOO_MANY', ids],
      ] as const)
        expect((await run(admin(), mutation, { team: team.id, ids: list })).payload.userErrors).toEqual([
          { code, path: ['memberIds'] },
        ])
    })

    it('are for managers of this very team without any permission in the organization', async () => {
      const parent = await newTeam('Above')
      const team = await newTeam('Managed', parent.id)
      const [manager, plain, newcomer] = [
        await join(gatehouse, acme),
        await join(gatehouse, acme),
        await join(gatehouse, acme),
      ]
      await add(admin(), team, [manager], 'MANAGER')
      await add(admin(), team, [plain])
      expect(codes(await add(plain.organization, team, [newcomer]))).toEqual(['FORBIDDEN'])
      expect(codes(await remove(plain.organization, team, [manager]))).toEqual(['FORBIDDEN'])
      expect(codesPerItem(await add(manager.organization, team, [newcomer]))).toEqual([''])
      expect(codesPerItem(await remove(manager.organization, team, [plain]))).toEqual([''])
      expect(codes(await add(manager.organization, parent, [newcomer]))).toEqual(['FORBIDDEN'])
      expect(codes(await add(stranger.organization, team, [stranger]))).toEqual(['NOT_FOUND'])
      await add(admin(), team, [manager], 'MEMBER')
      expect(codes(await add(manager.organization, team, [plain]))).toEqual(['FORBIDDEN'])
    })

    it('let a manager decide who is in a team that much is granted to, and nobody else who holds less', async () => {
      const [top, secret, newcomer] = [await arrange.team(), await arrange.project(), await join(gatehouse, acme)]
      const team = await arrange.team(top)
      await arrange.grant(secret, { team: top }, 'project_admin')
      const [manager, clerk] = [await join(gatehouse, acme), await join(gatehouse, acme)]
      await arrange.putIn(team, manager, 'MANAGER')
      await arrange.giveRole(
        clerk,
        await arrange.customRole('ORGANIZATION', ['organization.read', 'team.read', 'team.member.manage']),
      )
      expect((await add(clerk.organization, team, [clerk])).payload.userErrors).toEqual([
        { code: 'FORBIDDEN', path: ['teamId'] },
      ])
      expect(codes(await add(clerk.organization, team, [newcomer], 'MANAGER'))).toEqual(['FORBIDDEN'])
      expect(await slugsSeenBy(clerk, acme)).toEqual(['default'])
      expect(codesPerItem(await add(manager.organization, team, [newcomer]))).toEqual([''])
      expect(await slugsSeenBy(newcomer, acme)).toEqual(['default', secret.slug])
      // What is over is not given any more.
      await gatehouse.superuser.rows(
        "UPDATE project_grants SET expires_at = now() - interval '1 second' WHERE team_id = $1",
        [top.uuid],
      )
      expect(codesPerItem(await add(clerk.organization, team, [clerk]))).toEqual([''])
    })

    it('take in people who are invited and not yet there; a revoked invitation leaves nothing behind', async () => {
      const team = await newTeam('Expecting')
      const invited = await admin().send(
        `mutation ($id: ID!) { inviteMembers(organizationId: $id, input: { emails: ["soon@example.com"], sendEmail: false }) {
           results { invitation { id member { id } } } } }`,
        { id: acme.id },
      )
      const { invitation } = invited.data.inviteMembers.results[0]
      const added = await run(admin(), ADD, { team: team.id, ids: [invitation.member.id] })
      expect(added.payload.team).toEqual({ memberCount: 1 })
      await admin().send(
        'mutation ($id: ID!, $i: [ID!]!) { revokeInvitations(organizationId: $id, ids: $i) { userErrors { code } } }',
        {
          id: acme.id,
          i: [invitation.id],
        },
      )
      const { data } = await admin().send(
        'query ($id: ID!) { node(id: $id) { ... on Team { memberCount members { nodes { id } } } } }',
        {
          id: team.id,
        },
      )
      expect(data.node).toEqual({ memberCount: 0, members: { nodes: [] } })
      await expectExactCounts()
    })
  })

  describe('when memberships end', () => {
    const receiptOf = async (
      mutation: 'removeMembers' | 'suspendMembers' | 'reactivateMembers',
      someone: OrganizationMember,
    ) => {
      const { payload } = await run(
        admin(),
        `mutation ($id: ID!, $ids: [ID!]!) { ${mutation}(organizationId: $id, members: { ids: $ids }) {
           receipt { teamMembershipsRemoved } userErrors { code } } }`,
        { id: acme.id, ids: [memberTypeId(someone)] },
      )
      return payload.receipt
    }

    it('a removal takes the person out of all teams, a suspension out of none', async () => {
      const [one, other] = [await arrange.team(), await arrange.team()]
      const [leaving, pausing] = [await join(gatehouse, acme), await join(gatehouse, acme)]
      for (const team of [one, other]) await arrange.putIn(team, leaving)
      await arrange.putIn(one, pausing)
      expect(await receiptOf('removeMembers', leaving)).toEqual({ teamMembershipsRemoved: 2 })
      expect(await receiptOf('suspendMembers', pausing)).toEqual({ teamMembershipsRemoved: 0 })
      const rows = await gatehouse.superuser.rows('SELECT member_id FROM team_members WHERE team_id = ANY ($1)', [
        [one.uuid, other.uuid],
      ])
      expect(rows).toEqual([{ member_id: pausing.memberId }])
      await expectExactCounts()
    })

    it(`never leaves a removed person in a team, in ${RACES} races of adding and removing`, async () => {
      const team = await newTeam('Contended')
      for (let round = 0; round < RACES; round += 1) {
        const someone = await join(gatehouse, acme)
        await Promise.all([add(admin(), team, [someone]), receiptOf('removeMembers', someone)])
        expect(
          await gatehouse.superuser.rows('SELECT 1 FROM team_members WHERE member_id = $1', [someone.memberId]),
        ).toEqual([])
      }
      await expectExactCounts()
    })
  })

  describe('lists', () => {
    it('walk over teams by name in pages of two, both ways, with filters', async () => {
      const umbrella = await newTeam('Zoo')
      for (const name of ['Zebra', 'Ape', 'Bear', 'Crab', 'Dove']) await newTeam(name, umbrella.id)
      const page = `query ($id: ID!, $filter: TeamFilter, $first: Int, $after: String, $last: Int, $before: String) { organization(by: { id: $id }) {
        teams(first: $first, after: $after, last: $last, before: $before, filter: $filter) { totalCount { value relation }
          nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`
      const list = async (variables: object): Promise<Answer> =>
        (await admin().send(page, { id: acme.id, filter: { parentId: umbrella.id }, ...variables })).data.organization
          .teams
      const names = (connection: Answer) => connection.nodes.map((node: Answer) => node.name)
      const expected = ['Ape', 'Bear', 'Crab', 'Dove', 'Zebra']
      const forwards: string[] = []
      let after: string | null = null
      do {
        const teams = await list({ first: 2, after })
        forwards.push(...names(teams))
        after = teams.pageInfo.hasNextPage ? teams.pageInfo.endCursor : null
      } while (after)
      expect(forwards).toEqual(expected)
      const backwards: string[] = []
      let before: string | null = null
      do {
        const teams = await list({ last: 2, before })
        backwards.unshift(...names(teams))
        before = teams.pageInfo.hasPreviousPage ? teams.pageInfo.startCursor : null
      } while (before)
      expect(backwards).toEqual(expected)
      expect((await list({ first: 1 })).totalCount).toEqual({ value: 5, relation: 'EXACT' })
      expect(names(await list({ filter: { search: 'EBR' } }))).toEqual(['Zebra'])
      expect(names(await list({ filter: { source: ['DIRECTORY'] } }))).toEqual([])
    })

    it('show the tree, the people of a team in the order they came, and the teams of a person', async () => {
      const top = await newTeam('Tree')
      const [b, a] = [await newTeam('Branch b', top.id), await newTeam('Branch a', top.id)]
      const [boss, first, second] = [
        await join(gatehouse, acme),
        await join(gatehouse, acme),
        await join(gatehouse, acme),
      ]
      await add(admin(), top, [boss], 'MANAGER')
      await add(admin(), top, [first])
      await add(admin(), top, [second])
      for (const team of [b, a]) await add(admin(), team, [first])
      const { data } = await member.organization.send(
        `query ($id: ID!) { node(id: $id) { ... on Team { memberCount children { nodes { name parent { name } } totalCount { value } }
           members(first: 2) { edges { role node { email } } pageInfo { hasNextPage endCursor } totalCount { value } }
           managers: members(role: MANAGER) { nodes { email } totalCount { value } } } } }`,
        { id: top.id },
      )
      expect(data.node).toEqual({
        memberCount: 3,
        children: {
          nodes: ['Branch a', 'Branch b'].map((name) => ({ name, parent: { name: 'Tree' } })),
          totalCount: { value: 2 },
        },
        members: {
          edges: [
            { role: 'MANAGER', node: { email: boss.email } },
            { role: 'MEMBER', node: { email: first.email } },
          ],
          pageInfo: { hasNextPage: true, endCursor: expect.any(String) },
          totalCount: { value: 3 },
        },
        managers: { nodes: [{ email: boss.email }], totalCount: { value: 1 } },
      })
      const rest = await admin().send(
        'query ($id: ID!, $after: String) { node(id: $id) { ... on Team { members(first: 2, after: $after) { nodes { email } } } } }',
        { id: top.id, after: data.node.members.pageInfo.endCursor },
      )
      expect(rest.data.node.members.nodes).toEqual([{ email: second.email }])

      const TEAMS = `query ($id: ID!, $after: String) { node(id: $id) { ... on Member { teams(first: 2, after: $after) {
        nodes { name } totalCount { value } pageInfo { hasNextPage endCursor } } } } }`
      const mine = (await admin().send(TEAMS, { id: memberTypeId(first) })).data.node.teams
      expect([mine.nodes, mine.totalCount.value]).toEqual([[{ name: 'Branch a' }, { name: 'Branch b' }], 3])
      const after = mine.pageInfo.endCursor
      const last = (await admin().send(TEAMS, { id: memberTypeId(first), after })).data.node.teams
      expect(last).toMatchObject({ nodes: [{ name: 'Tree' }], pageInfo: { hasNextPage: false } })
      const foreign = await admin().send(TEAMS, { id: memberTypeId(boss), after })
      expect(foreign.errors?.[0]?.extensions.code).toBe('INVALID')

      const { data: filtered } = await admin().send(
        'query ($id: ID!, $team: ID!) { organization(by: { id: $id }) { members(filter: { teamId: $team }) { nodes { email } totalCount { value } } } }',
        { id: acme.id, team: b.id },
      )
      expect(filtered.organization.members).toEqual({ nodes: [{ email: first.email }], totalCount: { value: 1 } })
    })

    it('say whether the caller may do something to a team', async () => {
      const team = await newTeam('Asked')
      const manager = await join(gatehouse, acme)
      await add(admin(), team, [manager], 'MANAGER')
      const ASK = `query ($id: ID!, $team: ID!) { node(id: $team) { ... on Team { add: viewerCan(action: ADD_MEMBERS) { allowed reason }
        update: viewerCan(action: UPDATE) { allowed reason } } } organization(by: { id: $id }) { viewerCan(action: CREATE_TEAM) { allowed } } }`
      const ask = async (client: GraphQLClient) => (await client.send(ASK, { id: acme.id, team: team.id })).data
      const [yes, no] = [
        { allowed: true, reason: null },
        { allowed: false, reason: 'MISSING_PERMISSION' },
      ]
      expect((await ask(manager.organization)).node).toEqual({ add: yes, update: no })
      expect((await ask(member.organization)).node).toEqual({ add: no, update: no })
      expect(await ask(admin())).toEqual({
        node: { add: yes, update: yes },
        organization: { viewerCan: { allowed: true } },
      })
    })

    it('show no team to whoever may not see teams, nor whom a filter would tell of', async () => {
      const team: Arranged = await arrange.team()
      const blind = await join(gatehouse, acme)
      await arrange.giveRole(blind, await arrange.customRole('ORGANIZATION', ['organization.read', 'member.read']))
      const { data, extensions } = await blind.organization.send(
        `query ($id: ID!, $team: ID!, $member: ID!) { node(id: $team) { id } member: node(id: $member) { ... on Member { teams { nodes { name } } } }
           organization(by: { id: $id }) { teams { nodes { name } } members(filter: { teamId: $team }) { nodes { email } } } }`,
        { id: acme.id, team: team.id, member: memberTypeId(member) },
      )
      expect(data).toEqual({ node: null, member: { teams: null }, organization: { teams: null, members: null } })
      expect(JSON.stringify(extensions)).toContain('team.read')
      const manager = await join(gatehouse, acme)
      await arrange.giveRole(manager, await arrange.customRole('ORGANIZATION', ['organization.read']))
      await arrange.putIn(team, manager, 'MANAGER')
      const own = await manager.organization.send('query ($id: ID!) { node(id: $id) { id } }', { id: team.id })
      expect(own.data.node).toEqual({ id: team.id })
    })
  })
})
