import { toTypeId } from '../../src/kernel/ids'
import { COUNTERS } from '../support/counters'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { RACES } from '../support/soak'
import {
  found,
  join,
  memberTypeId,
  type OrganizationMember,
  openSession,
  signUp,
  type TestOrganization,
} from '../support/world'

const RESULTS = `results { key member { status } userErrors { code } } receipt { sessionsRevoked projectGrantsRemoved invitationsClosed }
  userErrors { code path }`
const change = (mutation: string, extra = '', declare = '') =>
  `mutation ($id: ID!, $members: MemberSelection!, $onError: ErrorPolicy = SKIP_FAILED${declare}) {
     ${mutation}(organizationId: $id, members: $members, onError: $onError${extra}) { ${RESULTS} } }`
const REMOVE = change('removeMembers')
const SUSPEND = change('suspendMembers')
const REACTIVATE = change('reactivateMembers')
const SET_ROLE = change('setMembersRole', ', roleId: $role', ', $role: ID!')
const ADD = `mutation ($id: ID!, $user: ID!, $role: ID!) { addMember(organizationId: $id, userId: $user, roleId: $role) {
  member { email status source role { key } } userErrors { code path } } }`
const LEAVE = 'mutation ($id: ID!) { leaveOrganization(id: $id) { deletedId userErrors { code } } }'
const SEE = 'query ($id: ID!) { organization(by: { id: $id }) { name } }'

describe('changes to members', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  beforeEach(async () => {
    acme = await found(gatehouse, 'Acme')
  })
  afterAll(() => gatehouse.close())

  const admin = () => acme.admin.organization
  const ids = (...members: { memberId: string }[]) => ({ ids: members.map(memberTypeId) })
  const payloadOf = (answer: Answer) => Object.values(answer.data ?? {})[0] as Answer
  async function run(client: GraphQLClient, mutation: string, members: object, variables: object = {}) {
    return payloadOf(await client.send(mutation, { id: acme.id, members, ...variables }))
  }
  const codes = (payload: Answer) => payload.results.map((result: Answer) => result.userErrors[0]?.code ?? null)
  async function role(key: string): Promise<string> {
    const [row] = await gatehouse.superuser.rows<{ id: string }>(
      'SELECT id FROM roles WHERE organization_id = $1 AND key = $2',
      [acme.uuid, key],
    )
    return toTypeId('Role', row!.id)
  }
  /** Counters as they are, and as they would be counted. */
  async function expectTrueCounters(): Promise<void> {
    const [row] = await gatehouse.superuser.rows<{ kept: unknown; counted: unknown }>(
      `SELECT json_build_array(c.joined, c.invited, c.suspended, c.admins) AS kept, (
         SELECT json_build_array(count(*) FILTER (WHERE m.status = 'JOINED'), count(*) FILTER (WHERE m.status = 'INVITED'),
           count(*) FILTER (WHERE m.status = 'SUSPENDED'), count(*) FILTER (WHERE m.status = 'JOINED' AND r.key = 'admin'))
         FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id WHERE m.organization_id = c.organization_id) AS counted
       FROM ${COUNTERS} c WHERE c.organization_id = $1`,
      [acme.uuid],
    )
    expect(row!.kept).toEqual(row!.counted)
  }
  const getsIn = async (client: GraphQLClient) => (await client.send(SEE, { id: acme.id })).data?.organization != null
  const actions = async () =>
    (
      await gatehouse.superuser.rows<{ action: string }>(
        'SELECT action FROM audit_events WHERE organization_id = $1 ORDER BY id',
        [acme.uuid],
      )
    ).map((row) => row.action)

  describe('removeMembers', () => {
    it('ends access at once everywhere and tells what ended; what they made and their account stay', async () => {
      const member = await join(gatehouse, acme, 'admin')
      const secondToken = await openSession(gatehouse, acme.uuid, member.memberId)
      const made = await member.organization.send(
        'mutation ($id: ID!) { createProject(organizationId: $id, input: { name: "Made by Mallory" }) { project { id } } }',
        { id: acme.id },
      )
      const project = made.data.createProject.project.id
      await admin().send(
        'mutation ($p: ID!, $m: ID!, $r: ID!) { setProjectGrant(projectId: $p, principalId: $m, roleId: $r) { grant { id } } }',
        {
          p: project,
          m: memberTypeId(member),
          r: await role('project_admin'),
        },
      )
      const payload = await run(admin(), REMOVE, ids(member))
      expect(payload).toMatchObject({
        results: [{ key: memberTypeId(member), member: { status: 'REMOVED' }, userErrors: [] }],
        receipt: { sessionsRevoked: 2, projectGrantsRemoved: 1, invitationsClosed: 0 },
        userErrors: [],
      })
      expect([await getsIn(member.organization), await getsIn(gatehouse.client(secondToken))]).toEqual([false, false])
      const { data } = await admin().send('query ($id: ID!) { node(id: $id) { ... on Project { createdByName } } }', {
        id: project,
      })
      expect(data.node.createdByName).toBe(member.name)
      const own = await member.account.send('{ viewer { user { email } memberships { organization { id } } } }')
      expect(own.data.viewer).toEqual({ user: { email: member.email }, memberships: [] })
      await expectTrueCounters()
      expect(await actions()).toContain('member.removed')
    })

    it('reports each member apart: unknown, twice, of another organization, oneself', async () => {
      const [one, rival] = [await join(gatehouse, acme), await found(gatehouse, 'Rival')]
      const payload = await run(admin(), REMOVE, ids(one, one, rival.admin, acme.admin))
      expect(codes(payload)).toEqual([null, 'INVALID', 'NOT_FOUND', 'LAST_ADMIN'])
      expect(await getsIn(rival.admin.organization)).toBe(false)
      const { data } = await rival.admin.organization.send(SEE, { id: rival.id })
      expect(data.organization.name).toBe('Rival')
      await expectTrueCounters()
    })

    it('changes nobody when one fails and ABORT_ALL is asked for', async () => {
      const one = await join(gatehouse, acme)
      const payload = await run(admin(), REMOVE, ids(one, acme.admin), { onError: 'ABORT_ALL' })
      expect(payload.userErrors).toEqual([{ code: 'LAST_ADMIN', path: ['members', 'ids', '1'] }])
      expect(await getsIn(one.organization)).toBe(true)
    })

    it('removes everybody matching a filter, if as many match as were confirmed', async () => {
      const people = await Promise.all([1, 2, 3].map(() => join(gatehouse, acme)))
      const matching = (expectedCount: number) => ({
        matching: { filter: { isAdmin: false }, excludeIds: [memberTypeId(people[0]!)], expectedCount },
      })
      const refused = await run(admin(), REMOVE, matching(3))
      expect(refused).toMatchObject({ results: null, userErrors: [{ code: 'COUNT_MISMATCH' }] })
      const payload = await run(admin(), REMOVE, matching(2))
      expect(codes(payload)).toEqual([null, null])
      expect(await Promise.all(people.map((person) => getsIn(person.organization)))).toEqual([true, false, false])
      await expectTrueCounters()
    })

    it('lets no request of a removed member succeed that was sent after the answer', async () => {
      const people = await Promise.all(Array.from({ length: 8 }, () => join(gatehouse, acme)))
      const answeredAt = new Map<OrganizationMember, number>()
      let intrusions = 0
      const probing = people.map(async (person) => {
        for (let request = 0; request < 25; request += 1) {
          const sentAt = performance.now()
          if ((await getsIn(person.organization)) && sentAt > (answeredAt.get(person) ?? Number.POSITIVE_INFINITY))
            intrusions += 1
        }
      })
      for (const person of people) {
        await run(admin(), REMOVE, ids(person))
        answeredAt.set(person, performance.now())
      }
      await Promise.all(probing)
      expect(intrusions).toBe(0)
    })
  })

  describe('suspendMembers and reactivateMembers', () => {
    it('take access away and give it back; old sessions stay dead', async () => {
      const member = await join(gatehouse, acme)
      expect(codes(await run(admin(), SUSPEND, ids(member)))).toEqual([null])
      expect(await getsIn(member.organization)).toBe(false)
      expect(codes(await run(admin(), SUSPEND, ids(member)))).toEqual(['WRONG_STATE'])
      expect(codes(await run(admin(), REACTIVATE, ids(member)))).toEqual([null])
      expect(await getsIn(member.organization)).toBe(false)
      const back = await member.account.send(
        'mutation ($id: ID!) { switchOrganization(organizationId: $id) { token } }',
        { id: acme.id },
      )
      expect(await getsIn(gatehouse.client(back.data.switchOrganization.token))).toBe(true)
      await expectTrueCounters()
      expect(await actions()).toEqual(expect.arrayContaining(['member.suspended', 'member.reactivated']))
    })

    it('never suspend the last Admin', async () => {
      const second = await join(gatehouse, acme, 'admin')
      expect(codes(await run(second.organization, SUSPEND, ids(acme.admin)))).toEqual([null])
      expect(codes(await run(gatehouse.operator, SUSPEND, ids(second)))).toEqual(['LAST_ADMIN'])
    })
  })

  describe('setMembersRole', () => {
    it('counts from the next request on, and tells the other Admins of a new one', async () => {
      const member = await join(gatehouse, acme)
      const create =
        'mutation ($id: ID!) { createProject(organizationId: $id, input: { name: "Mine" }) { userErrors { code } } }'
      expect((await member.organization.send(create, { id: acme.id })).data.createProject.userErrors).toEqual([
        { code: 'FORBIDDEN' },
      ])
      expect(codes(await run(admin(), SET_ROLE, ids(member), { role: await role('admin') }))).toEqual([null])
      expect((await member.organization.send(create, { id: acme.id })).data.createProject.userErrors).toEqual([])
      const mails = await gatehouse.superuser.rows<{ destination: string }>(
        "SELECT destination FROM outbox_messages WHERE organization_id = $1 AND kind = 'mail.new-admin'",
        [acme.uuid],
      )
      expect(mails.map((mail) => mail.destination)).toEqual([acme.admin.email])
      await expectTrueCounters()
    })

    it('refuses roles of projects and roles of other organizations', async () => {
      const member = await join(gatehouse, acme)
      for (const wrong of [await role('project_admin'), toTypeId('Role', acme.uuid)]) {
        const payload = await run(admin(), SET_ROLE, ids(member), { role: wrong })
        expect(payload.results).toBeNull()
        expect(['NOT_FOUND', 'INVALID']).toContain(payload.userErrors[0].code)
      }
    })

    it('demotes all Admins but the last, in the order in which they are named', async () => {
      const second = await join(gatehouse, acme, 'admin')
      const payload = await run(gatehouse.operator, SET_ROLE, ids(acme.admin, second), { role: await role('member') })
      expect(codes(payload)).toEqual([null, 'LAST_ADMIN'])
      await expectTrueCounters()
    })
  })

  describe('addMember', () => {
    const add = async (client: GraphQLClient, userId: string, key = 'member') =>
      payloadOf(await client.send(ADD, { id: acme.id, user: toTypeId('User', userId), role: await role(key) }))

    it('makes the person behind an account a member, who can switch to the organization', async () => {
      const grace = await signUp(gatehouse, 'Grace')
      expect(await add(admin(), grace.userId)).toEqual({
        member: { email: grace.email, status: 'JOINED', source: 'ADMIN', role: { key: 'member' } },
        userErrors: [],
      })
      expect((await add(admin(), grace.userId)).userErrors).toMatchObject([{ code: 'ALREADY_MEMBER' }])
      const { data } = await grace.account.send(
        'mutation ($id: ID!) { switchOrganization(organizationId: $id) { token } }',
        { id: acme.id },
      )
      expect(await getsIn(gatehouse.client(data.switchOrganization.token))).toBe(true)
      await expectTrueCounters()
    })

    it('lets a removed person return as a new member', async () => {
      const member = await join(gatehouse, acme)
      await run(admin(), REMOVE, ids(member))
      expect((await add(admin(), member.userId)).userErrors).toEqual([])
      const rows = await gatehouse.superuser.rows(
        'SELECT status FROM members WHERE organization_id = $1 AND user_id = $2 ORDER BY id',
        [acme.uuid, member.userId],
      )
      expect(rows).toEqual([{ status: 'REMOVED' }, { status: 'JOINED' }])
    })

    it(`adds a person once, in ${RACES} races`, async () => {
      for (let round = 0; round < RACES; round += 1) {
        const { userId } = await signUp(gatehouse, 'Racer')
        const answers = await Promise.all([add(admin(), userId), add(admin(), userId)])
        expect(answers.flatMap((answer) => answer.userErrors.map((error: Answer) => error.code))).toEqual([
          'ALREADY_MEMBER',
        ])
      }
      await expectTrueCounters()
    })
  })

  describe('leaveOrganization', () => {
    it('ends the own membership from either side; the last Admin stays', async () => {
      const [one, two] = [await join(gatehouse, acme), await join(gatehouse, acme)]
      for (const client of [one.organization, two.account])
        expect(payloadOf(await client.send(LEAVE, { id: acme.id })).userErrors).toEqual([])
      expect([await getsIn(one.organization), await getsIn(two.organization)]).toEqual([false, false])
      expect(payloadOf(await admin().send(LEAVE, { id: acme.id })).userErrors).toEqual([{ code: 'LAST_ADMIN' }])
      const stranger = await signUp(gatehouse)
      expect(payloadOf(await stranger.account.send(LEAVE, { id: acme.id })).userErrors).toEqual([{ code: 'NOT_FOUND' }])
      expect((await gatehouse.client().send(LEAVE, { id: acme.id })).status).toBe(401)
      await expectTrueCounters()
    })
  })

  describe('the last Admin', () => {
    it.each(['demote each other', 'suspend each other', 'remove each other', 'leave'])(
      `is there after ${RACES} rounds in which two Admins %s at once`,
      async (how) => {
        const memberRole = await role('member')
        let [first, second] = [acme.admin, await join(gatehouse, acme, 'admin')] as [
          OrganizationMember,
          OrganizationMember,
        ]
        for (let round = 0; round < RACES; round += 1) {
          const act = (actor: OrganizationMember, target: OrganizationMember) => {
            if (how === 'leave') return actor.organization.send(LEAVE, { id: acme.id })
            const mutation = how.startsWith('demote') ? SET_ROLE : how.startsWith('suspend') ? SUSPEND : REMOVE
            return actor.organization.send(mutation, {
              id: acme.id,
              members: ids(target),
              ...(mutation === SET_ROLE && { role: memberRole }),
            })
          }
          await Promise.all([act(first, second), act(second, first)])
          const admins = await gatehouse.superuser.rows<{ id: string }>(
            `SELECT m.id FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
             WHERE m.organization_id = $1 AND m.status = 'JOINED' AND r.key = 'admin'`,
            [acme.uuid],
          )
          expect(admins).toHaveLength(1)
          first = admins[0]!.id === first.memberId ? first : second
          second = await join(gatehouse, acme, 'admin')
        }
        await expectTrueCounters()
      },
    )
  })

  describe('whoever may not', () => {
    it('gets FORBIDDEN as a member, NOT_FOUND as a stranger, 401 as nobody, and changes nothing', async () => {
      const [member, target, rival] = [
        await join(gatehouse, acme),
        await join(gatehouse, acme),
        await found(gatehouse, 'Other'),
      ]
      const roleId = await role('member')
      for (const mutation of [REMOVE, SUSPEND, REACTIVATE, SET_ROLE]) {
        const variables = mutation === SET_ROLE ? { role: roleId } : {}
        expect((await run(member.organization, mutation, ids(target), variables)).userErrors).toMatchObject([
          { code: 'FORBIDDEN' },
        ])
        expect((await run(rival.admin.organization, mutation, ids(target), variables)).userErrors).toMatchObject([
          { code: 'NOT_FOUND' },
        ])
        expect(
          (await gatehouse.client().send(mutation, { id: acme.id, members: ids(target), ...variables })).status,
        ).toBe(401)
      }
      const add = { id: acme.id, user: toTypeId('User', rival.admin.userId), role: roleId }
      expect(payloadOf(await member.organization.send(ADD, add)).userErrors).toMatchObject([{ code: 'FORBIDDEN' }])
      expect(payloadOf(await rival.admin.organization.send(ADD, add)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
      expect(await getsIn(target.organization)).toBe(true)
    })
  })
})
