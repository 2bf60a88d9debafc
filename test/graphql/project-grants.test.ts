import { newId, toTypeId } from '../../src/kernel/ids'
import { sweepExpired } from '../../src/worker/sweep'
import { type AccessArranger, type Arranged, arrangeAccess, slugsSeenBy } from '../support/access'
import { AccessFixtures } from '../support/access-fixtures'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { RACES } from '../support/soak'
import { found, join, memberTypeId, type OrganizationMember, type TestOrganization } from '../support/world'

const SET = `mutation ($p: ID!, $to: ID!, $r: ID!, $end: DateTime) { setProjectGrant(projectId: $p, principalId: $to, roleId: $r, expiresAt: $end) {
  grant { id expiresAt role { key } project { id } principal { __typename ... on Member { email } ... on Team { slug } } } userErrors { code path } } }`
const SET_MANY = `mutation ($p: ID!, $to: [ID!]!, $r: ID!, $end: DateTime) { setProjectGrants(projectId: $p, principalIds: $to, roleId: $r, expiresAt: $end) {
  results { index key grant { id } userErrors { code } } userErrors { code path } } }`
const REMOVE = 'mutation ($id: ID!) { removeProjectGrant(id: $id) { deletedId userErrors { code } } }'

describe('grants in projects', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let arrange: AccessArranger
  let stranger: OrganizationMember
  let [plain, manages]: Arranged[] = []

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    arrange = arrangeAccess(gatehouse, acme)
    stranger = (await found(gatehouse, 'Rival')).admin
    plain = await arrange.role('PROJECT', 'project_member')
    manages = await arrange.role('PROJECT', 'project_admin')
  })
  afterAll(() => gatehouse.close())

  const admin = () => acme.admin.organization
  const newcomer = () => join(gatehouse, acme)

  async function run(client: GraphQLClient, mutation: string, variables: Record<string, unknown> = {}) {
    const answer = await client.send(mutation, variables)
    return { ...answer, payload: Object.values(answer.data ?? {})[0] as Answer }
  }
  const set = (client: GraphQLClient, project: Arranged, to: string, role: Arranged, end: Date | null = null) =>
    run(client, SET, { p: project.id, to, r: role.id, end: end?.toISOString() ?? null })
  const codes = (answer: { payload: { userErrors: { code: string }[] } }) =>
    answer.payload.userErrors.map((error) => error.code)
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000)
  const end = (grant: Arranged, ago = '1 second') =>
    gatehouse.superuser.rows(
      "UPDATE project_grants SET created_at = now() - interval '3 days', expires_at = now() - $2::interval WHERE id = $1",
      [grant.uuid, ago],
    )

  describe('setProjectGrant', () => {
    it('gives a team a role, which reaches the people of the teams below', async () => {
      const [project, above, someone] = [await arrange.project(), await arrange.team(), await newcomer()]
      await arrange.putIn(await arrange.team(above), someone)
      const { payload } = await set(admin(), project, above.id, manages!)
      expect(payload).toMatchObject({
        grant: {
          id: expect.stringMatching(/^pgr_/),
          expiresAt: null,
          role: { key: 'project_admin' },
          project: { id: project.id },
          principal: { __typename: 'Team' },
        },
        userErrors: [],
      })
      expect(await slugsSeenBy(someone, acme)).toEqual(['default', project.slug])
      const renamed = await run(
        someone.organization,
        'mutation ($id: ID!) { updateProject(id: $id, input: { name: "Mine" }) { project { name } userErrors { code } } }',
        { id: project.id },
      )
      expect(renamed.payload).toEqual({ project: { name: 'Mine' }, userErrors: [] })
    })

    it('sets, changes and clears the end, says so in the audit log, and changes nothing when nothing changes', async () => {
      const [project, someone] = [await arrange.project('Ending'), await newcomer()]
      const to = memberTypeId(someone)
      const [soon, later] = [inSeconds(3_600), inSeconds(7_200)]
      const ids: string[] = []
      for (const [date, role] of [
        [soon, plain!],
        [later, plain!],
        [later, plain!],
        [null, manages!],
      ] as const) {
        const { payload } = await set(admin(), project, to, role, date)
        expect([payload.userErrors, payload.grant.expiresAt]).toEqual([[], date?.toISOString() ?? null])
        ids.push(payload.grant.id)
      }
      expect(new Set(ids).size).toBe(1)
      const audits = await gatehouse.superuser.rows<{ details: Answer }>(
        "SELECT details FROM audit_events WHERE action = 'project.access.granted' AND $1 = ANY (target_ids) ORDER BY id",
        [project.id],
      )
      expect(audits.map(({ details }) => details.changes)).toEqual([
        [
          { field: 'role', before: null, after: 'project_member' },
          { field: 'expiresAt', before: null, after: soon.toISOString() },
        ],
        [
          { field: 'role', before: 'project_member', after: 'project_member' },
          { field: 'expiresAt', before: soon.toISOString(), after: later.toISOString() },
        ],
        [
          { field: 'role', before: 'project_member', after: 'project_admin' },
          { field: 'expiresAt', before: later.toISOString(), after: null },
        ],
      ])
      expect(audits[0]!.details.targets).toEqual([
        { type: 'Project', id: project.id, label: 'Ending' },
        { type: 'Member', id: to, label: someone.name },
      ])
    })

    it('refuses an end that is over, what is neither member nor team, and strangers; nothing was given', async () => {
      const [project, someone] = [await arrange.project(), await newcomer()]
      const refused = await set(admin(), project, memberTypeId(someone), plain!, inSeconds(-1))
      expect(refused.payload.userErrors).toEqual([{ code: 'INVALID', path: ['expiresAt'] }])
      for (const to of [project.id, 'mem_x', memberTypeId(stranger), toTypeId('Team', newId())])
        expect((await set(admin(), project, to, plain!)).payload.userErrors).toEqual([
          { code: 'NOT_FOUND', path: ['principalId'] },
        ])
      expect(codes(await set(stranger.organization, project, memberTypeId(stranger), plain!))).toEqual(['NOT_FOUND'])
      expect(codes(await set(someone.organization, project, memberTypeId(someone), plain!))).toEqual(['NOT_FOUND'])
      expect((await set(gatehouse.client(), project, memberTypeId(someone), plain!)).status).toBe(401)
      expect(
        await gatehouse.superuser.rows('SELECT 1 FROM project_grants WHERE project_id = $1', [project.uuid]),
      ).toEqual([])
    })

    it('does not let anybody give more than they hold, to members or teams', async () => {
      const [project, granter, team] = [await arrange.project(), await newcomer(), await arrange.team()]
      const grants = await arrange.customRole('PROJECT', ['project.read', 'project.grant'])
      await arrange.grant(project, { member: granter }, 'project_member')
      await gatehouse.superuser.rows('UPDATE project_grants SET role_id = $1 WHERE member_id = $2', [
        grants.uuid,
        granter.memberId,
      ])
      for (const to of [team.id, memberTypeId(granter)])
        expect((await set(granter.organization, project, to, manages!)).payload.userErrors).toEqual([
          { code: 'FORBIDDEN', path: ['roleId'] },
        ])
      expect(codes(await set(granter.organization, project, team.id, grants))).toEqual([])
    })

    it(`leaves no grant without its team when the team is deleted meanwhile, in ${RACES} races`, async () => {
      const project = await arrange.project()
      for (let round = 0; round < RACES; round += 1) {
        const team = await arrange.team()
        const [granted, deleted] = await Promise.all([
          set(admin(), project, team.id, plain!),
          run(admin(), 'mutation ($id: ID!) { deleteTeam(id: $id) { userErrors { code } } }', { id: team.id }),
        ])
        expect(codes(deleted)).toEqual([])
        expect([[], ['NOT_FOUND']]).toContainEqual(codes(granted))
        expect(await gatehouse.superuser.rows('SELECT 1 FROM project_grants WHERE team_id = $1', [team.uuid])).toEqual(
          [],
        )
      }
    })
  })

  describe('setProjectGrants', () => {
    it('gives members and teams the same role and answers for each', async () => {
      const [project, one, other] = [await arrange.project(), await newcomer(), await newcomer()]
      const team = await arrange.team()
      const to = [memberTypeId(one), team.id, 'nobody', memberTypeId(stranger), memberTypeId(one), memberTypeId(other)]
      const { payload } = await run(admin(), SET_MANY, { p: project.id, to, r: plain!.id })
      const outcomes = payload.results.map((result: Answer) => [
        result.key,
        result.grant !== null,
        ...result.userErrors.map((error: Answer) => error.code),
      ])
      expect(outcomes).toEqual([
        [to[0], true],
        [to[1], true],
        ['nobody', false, 'NOT_FOUND'],
        [to[3], false, 'NOT_FOUND'],
        [to[4], false, 'INVALID'],
        [to[5], true],
      ])
      const rows = await gatehouse.superuser.rows('SELECT 1 FROM project_grants WHERE project_id = $1', [project.uuid])
      expect(rows).toHaveLength(3)
    })

    it('takes 1 to 1,000, and is refused as a whole like a single one', async () => {
      const [project, someone] = [await arrange.project(), await newcomer()]
      const many = Array.from({ length: 1_001 }, () => toTypeId('Member', newId()))
      const setMany = (client: GraphQLClient, variables: object) =>
        run(client, SET_MANY, { p: project.id, to: [memberTypeId(someone)], r: plain!.id, ...variables })
      expect((await setMany(admin(), { to: [] })).payload.userErrors).toEqual([
        { code: 'REQUIRED', path: ['principalIds'] },
      ])
      expect((await setMany(admin(), { to: many })).payload.userErrors).toEqual([
        { code: 'TOO_MANY', path: ['principalIds'] },
      ])
      expect(codes(await setMany(admin(), { end: inSeconds(-1).toISOString() }))).toEqual(['INVALID'])
      expect(codes(await setMany(someone.organization, {}))).toEqual(['NOT_FOUND'])
      await arrange.grant(project, { member: someone })
      expect(codes(await setMany(someone.organization, {}))).toEqual(['FORBIDDEN'])
      expect(codes(await setMany(stranger.organization, {}))).toEqual(['NOT_FOUND'])
    })
  })

  describe('a grant that has ended', () => {
    it('counts nowhere from that instant on, and can be given anew', async () => {
      const [project, someone] = [await arrange.project('Timed'), await newcomer()]
      const grant = await arrange.grant(project, { member: someone }, 'project_admin')
      expect(await slugsSeenBy(someone, acme)).toEqual(['default', project.slug])
      await end(grant)
      expect(await slugsSeenBy(someone, acme)).toEqual(['default'])
      const { data } = await admin().send(
        `query ($o: ID!, $m: ID!, $p: ID!, $g: ID!) { grant: node(id: $g) { id }
           member: node(id: $m) { ... on Member { grants { id } projectAccess { nodes { project { isDefault } } } } }
           project: node(id: $p) { ... on Project { grants { nodes { id } } access { nodes { member { id } } } } }
           organization(by: { id: $o }) { members(filter: { projectId: $p }) { nodes { id } } } }`,
        { o: acme.id, m: memberTypeId(someone), p: project.id, g: grant.id },
      )
      expect(data).toEqual({
        grant: null,
        member: { grants: [], projectAccess: { nodes: [{ project: { isDefault: true } }] } },
        project: { grants: { nodes: [] }, access: { nodes: [{ member: { id: memberTypeId(acme.admin) } }] } },
        organization: { members: { nodes: [] } },
      })
      expect(codes(await run(admin(), REMOVE, { id: grant.id }))).toEqual(['NOT_FOUND'])
      expect((await set(admin(), project, memberTypeId(someone), plain!)).payload.userErrors).toEqual([])
      expect(await slugsSeenBy(someone, acme)).toEqual(['default', project.slug])
      const [row] = await gatehouse.superuser.rows(
        "SELECT created_at > now() - interval '1 hour' AS anew FROM project_grants WHERE id = $1",
        [grant.uuid],
      )
      expect(row).toEqual({ anew: true })
    })

    it('is swept away a day later, and none before', async () => {
      const [project, team] = [await arrange.project(), await arrange.team()]
      const [old, fresh, live] = [
        await arrange.grant(project, { member: await newcomer() }),
        await arrange.grant(project, { team }),
        await arrange.grant(project, { member: await newcomer() }, 'project_member', 3_600),
      ]
      await end(old, '25 hours')
      await end(fresh, '23 hours')
      await sweepExpired(gatehouse.database)
      const rows = await gatehouse.superuser.rows<{ id: string }>(
        'SELECT id FROM project_grants WHERE project_id = $1 ORDER BY id',
        [project.uuid],
      )
      expect(rows.map(({ id }) => id)).toEqual([fresh.uuid, live.uuid].sort())
    })
  })

  describe('removeProjectGrant', () => {
    it('takes a role away from a team, with its name in the audit log', async () => {
      const [project, team, someone] = [await arrange.project(), await arrange.team(), await newcomer()]
      await arrange.putIn(team, someone)
      const grant = await arrange.grant(project, { team })
      expect(codes(await run(someone.organization, REMOVE, { id: grant.id }))).toEqual(['FORBIDDEN'])
      expect((await run(admin(), REMOVE, { id: grant.id })).payload).toEqual({ deletedId: grant.id, userErrors: [] })
      expect(await slugsSeenBy(someone, acme)).toEqual(['default'])
      const [audit] = await gatehouse.superuser.rows<{ details: Answer }>(
        "SELECT details FROM audit_events WHERE action = 'project.access.removed' AND $1 = ANY (target_ids)",
        [team.id],
      )
      expect(audit!.details.targets[1]).toMatchObject({ type: 'Team', label: expect.stringContaining('team-') })
      expect(codes(await run(someone.organization, REMOVE, { id: grant.id }))).toEqual(['NOT_FOUND'])
    })
  })

  describe('deleteProject with a move', () => {
    const move = (client: GraphQLClient, from: Arranged & { slug: string }, to: Arranged) =>
      run(
        client,
        'mutation ($id: ID!, $slug: String!, $to: ID!) { deleteProject(id: $id, input: { confirmSlug: $slug, contents: { moveToProjectId: $to } }) { userErrors { code path } } }',
        {
          id: from.id,
          slug: from.slug,
          to: to.id,
        },
      )

    it('moves the grants of teams, too, and leaves what has ended', async () => {
      const [from, to, team, other] = [
        await arrange.project(),
        await arrange.project(),
        await arrange.team(),
        await arrange.team(),
      ]
      await arrange.grant(from, { team }, 'project_admin')
      await arrange.grant(to, { team })
      await arrange.grant(from, { team: other })
      await end(await arrange.grant(to, { team: other }))
      await end(await arrange.grant(from, { member: await newcomer() }))
      expect(codes(await move(admin(), from, to))).toEqual([])
      const rows = await gatehouse.superuser.rows(
        'SELECT g.team_id, r.key FROM project_grants g JOIN roles r ON r.organization_id = g.organization_id AND r.id = g.role_id WHERE g.project_id = $1 ORDER BY 1',
        [to.uuid],
      )
      expect(rows).toEqual(
        [
          { team_id: team.uuid, key: 'project_member' },
          { team_id: other.uuid, key: 'project_member' },
        ].sort((a, b) => (a.team_id < b.team_id ? -1 : 1)),
      )
    })

    it('gives nobody more in the other project than the caller may give there', async () => {
      const [from, to, someone] = [await arrange.project(), await arrange.project(), await newcomer()]
      await arrange.grant(from, { member: someone }, 'project_admin')
      await arrange.grant(to, { member: someone }, 'project_member')
      await arrange.grant(from, { member: await newcomer() }, 'project_admin')
      expect(codes(await move(someone.organization, from, to))).toEqual(['FORBIDDEN'])
      expect(
        await gatehouse.superuser.rows('SELECT 1 FROM project_grants WHERE project_id = $1', [from.uuid]),
      ).toHaveLength(2)
    })
  })

  describe('Project.access', () => {
    const ACCESS = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $search: String) { node(id: $id) { ... on Project {
      access(first: $first, after: $after, last: $last, before: $before, search: $search) { totalCount { value }
        nodes { via team { id } role { key } member { email } reasons { via role { key } team { id } expiresAt } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }`
    const access = async (variables: Record<string, unknown>): Promise<Answer> =>
      (await admin().send(ACCESS, variables)).data.node.access

    it('names each person once with all reasons, strongest first', async () => {
      const [project, above] = [await arrange.project(), await arrange.team()]
      const below = await arrange.team(above)
      const [both, overseer, viaTeam, invitedOnly, suspended] = [
        await newcomer(),
        await newcomer(),
        await newcomer(),
        await newcomer(),
        await newcomer(),
      ]
      await arrange.grant(project, { team: above }, 'project_admin')
      await arrange.grant(project, { team: below })
      await arrange.grant(project, { member: both }, 'project_member', 3_600)
      for (const someone of [both, viaTeam, invitedOnly, suspended]) await arrange.putIn(below, someone)
      const custom = await arrange.customRole('ORGANIZATION', ['organization.read', 'project.read'])
      await arrange.giveRole(overseer, custom)
      await gatehouse.superuser.rows("UPDATE members SET status = 'SUSPENDED', suspended_at = now() WHERE id = $1", [
        suspended.memberId,
      ])
      await gatehouse.superuser.rows(
        "UPDATE members SET status = 'INVITED', user_id = NULL, joined_at = NULL WHERE id = $1",
        [invitedOnly.memberId],
      )
      const { nodes, totalCount } = await access({ id: project.id })
      await arrange.giveRole(overseer, await arrange.role('ORGANIZATION', 'member'))
      expect(totalCount).toEqual({ value: 4 })
      expect(nodes.map((node: Answer) => [node.member.email, node.via, node.role.key, node.team?.id ?? null])).toEqual([
        [acme.admin.email, 'ROLE', 'admin', null],
        [both.email, 'GRANT', 'project_member', null],
        [overseer.email, 'ROLE', expect.stringMatching(/^custom_/), null],
        [viaTeam.email, 'TEAM_GRANT', 'project_admin', above.id],
      ])
      expect(nodes[1].reasons).toEqual([
        { via: 'GRANT', role: { key: 'project_member' }, team: null, expiresAt: expect.any(String) },
        { via: 'TEAM_GRANT', role: { key: 'project_admin' }, team: { id: above.id }, expiresAt: null },
        { via: 'TEAM_GRANT', role: { key: 'project_member' }, team: { id: below.id }, expiresAt: null },
      ])
    })

    it('walks in pages of two both ways, and searches', async () => {
      const [project, team] = [await arrange.project(), await arrange.team()]
      await arrange.grant(project, { team })
      const people = [await newcomer(), await newcomer(), await newcomer(), await newcomer()]
      for (const someone of people) await arrange.putIn(team, someone)
      const expected = [acme.admin, ...people].map(({ email }) => email)
      const emails = (list: Answer) => list.nodes.map((node: Answer) => node.member.email)
      const walkAll = async () => {
        const forwards: string[] = []
        let after: string | null = null
        do {
          const page: Answer = await access({ id: project.id, first: 2, after })
          forwards.push(...emails(page))
          after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
        } while (after)
        return forwards
      }
      expect(await walkAll()).toEqual(expected)
      // Few people among many are found in another way than many.
      await gatehouse.superuser.rows(
        'UPDATE organization_counters SET joined = joined + 1000 WHERE organization_id = $1',
        [acme.uuid],
      )
      expect(await walkAll()).toEqual(expected)
      await gatehouse.superuser.rows(
        'UPDATE organization_counters SET joined = joined - 1000 WHERE organization_id = $1',
        [acme.uuid],
      )
      const backwards: string[] = []
      let before: string | null = null
      do {
        const page: Answer = await access({ id: project.id, last: 2, before })
        backwards.unshift(...emails(page))
        before = page.pageInfo.hasPreviousPage ? page.pageInfo.startCursor : null
      } while (before)
      expect(backwards).toEqual(expected)
      const target = people[2]!.email
      const matching = await access({ id: project.id, search: target.toUpperCase() })
      expect([emails(matching), matching.totalCount.value]).toEqual([[target], 1])
      const inDefault = await access({ id: (await arrange.defaultProject()).id, search: target })
      expect([emails(inDefault), inDefault.totalCount.value]).toEqual([[target], 1])
      const short = await admin().send(ACCESS, { id: project.id, search: 'ab' })
      expect(short.errors?.[0]?.extensions.code).toBe('INVALID')
    })

    it('says of the default project who has a role there besides', async () => {
      const [project, someone] = [await arrange.defaultProject(), await newcomer()]
      await arrange.grant(project, { member: someone }, 'project_admin')
      const { nodes } = await access({ id: project.id, search: someone.email })
      expect(nodes).toEqual([
        {
          via: 'GRANT',
          team: null,
          role: { key: 'project_admin' },
          member: { email: someone.email },
          reasons: [
            { via: 'GRANT', role: { key: 'project_admin' }, team: null, expiresAt: null },
            { via: 'DEFAULT_PROJECT', role: { key: 'project_member' }, team: null, expiresAt: null },
          ],
        },
      ])
    })

    it('is for those with the permission to see it, in Project.grants alike', async () => {
      const [project, someone] = [await arrange.project(), await newcomer()]
      const blind = await arrange.customRole('PROJECT', ['project.read'])
      const grant = await arrange.grant(project, { member: someone })
      await gatehouse.superuser.rows('UPDATE project_grants SET role_id = $1 WHERE id = $2', [blind.uuid, grant.uuid])
      const { data, extensions } = await someone.organization.send(
        'query ($id: ID!) { node(id: $id) { ... on Project { slug access { nodes { via } } grants { nodes { id } } } } }',
        { id: project.id },
      )
      expect(data.node).toEqual({ slug: project.slug, access: null, grants: null })
      expect(extensions.denied!.map((denied: Answer) => denied.permission)).toEqual([
        'project.member.read',
        'project.member.read',
      ])
    })
  })

  it('shows keys of projects and service accounts the roles in what they may see, and who has them to nobody', async () => {
    const [project, someone] = [await arrange.project(), await newcomer()]
    await arrange.grant(project, { member: someone })
    const fixtures = new AccessFixtures(gatehouse, acme.uuid)
    const serviceAccount = await fixtures.serviceAccount(project.uuid, manages!.uuid)
    const keys = [
      await fixtures.key({ serviceAccount, project: project.uuid }),
      await fixtures.key({ project: project.uuid }, { permissions: ['project.read', 'project.member.read'] }),
    ]
    for (const { token } of keys) {
      const { data, errors } = await gatehouse.client(token).send(
        `query ($id: ID!) { node(id: $id) { ... on Project {
           grants { nodes { role { key permissions { key } viewerCan(action: ASSIGN) { allowed } } principal { ... on Member { id } } } }
           access { nodes { role { key } } } } } }`,
        { id: project.id },
      )
      expect(errors).toBeUndefined()
      expect(data.node.grants.nodes).toEqual([
        {
          role: {
            key: 'project_member',
            permissions: [{ key: 'project.read' }, { key: 'project.member.read' }],
            viewerCan: { allowed: false },
          },
          principal: null,
        },
      ])
      expect(data.node.access.nodes).toContainEqual({ role: { key: 'project_member' } })
    }
  })

  describe('Member.projectAccess, Team.grants and Project.grants', () => {
    it('show effective access of a member with team and reasons, and grants with whom they are for', async () => {
      const [project, someone, team] = [await arrange.project('Effective'), await newcomer(), await arrange.team()]
      await arrange.putIn(team, someone)
      const [own, shared] = [
        await arrange.grant(project, { member: someone }),
        await arrange.grant(project, { team }, 'project_admin'),
      ]
      const { data } = await admin().send(
        `query ($m: ID!, $t: ID!, $p: ID!) {
           member: node(id: $m) { ... on Member { grants { id } projectAccess(first: 10) { totalCount { value }
             nodes { project { slug } via role { key } team { id } reasons { via } } } } }
           team: node(id: $t) { ... on Team { grants { id role { key } principal { ... on Team { id } } } } }
           project: node(id: $p) { ... on Project { grants(first: 1) { nodes { id principal { ... on Member { email } } } pageInfo { hasNextPage } } } } }`,
        { m: memberTypeId(someone), t: team.id, p: project.id },
      )
      expect(data).toEqual({
        member: {
          grants: [{ id: own.id }],
          projectAccess: {
            totalCount: { value: 2 },
            nodes: [
              {
                project: { slug: 'default' },
                via: 'DEFAULT_PROJECT',
                role: { key: 'project_member' },
                team: null,
                reasons: [{ via: 'DEFAULT_PROJECT' }],
              },
              {
                project: { slug: project.slug },
                via: 'GRANT',
                role: { key: 'project_member' },
                team: null,
                reasons: [{ via: 'GRANT' }, { via: 'TEAM_GRANT' }],
              },
            ],
          },
        },
        team: { grants: [{ id: shared.id, role: { key: 'project_admin' }, principal: { id: team.id } }] },
        project: {
          grants: { nodes: [{ id: own.id, principal: { email: someone.email } }], pageInfo: { hasNextPage: true } },
        },
      })
    })
  })
})
