import { fromTypeId, newId } from '../../src/kernel/ids'
import { ROLE_REFERENCES } from '../../src/modules/roles'
import { AccessFixtures, idOf } from '../support/access-fixtures'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer, GraphQLClient } from '../support/graphql-client'
import { invite, invited, lettersTo } from '../support/invitations'
import { giveRole, joinAs, makeRole, roleByKey } from '../support/roles'
import { ACCESS_RACES, RACES } from '../support/soak'
import { found, join, memberTypeId, type OrganizationMember, signUp, type TestOrganization } from '../support/world'

const DELETE = 'mutation ($id: ID!, $to: ID) { deleteRole(id: $id, replacementRoleId: $to) { userErrors { code } } }'
const UPDATE = 'mutation ($id: ID!, $input: RoleInput!) { updateRole(id: $id, input: $input) { userErrors { code } } }'
const GRANT = `mutation ($p: ID!, $m: ID!, $r: ID!) { setProjectGrant(projectId: $p, principalId: $m, roleId: $r) { userErrors { code } } }`
const ACCEPT = 'mutation ($token: String!) { acceptInvitation(input: { token: $token }) { userErrors { code } } }'
const GIVING = ['member.read', 'team.read', 'member.role.update', 'member.suspend']

describe('changes to roles beside everything that hands them out', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let member: OrganizationMember
  let memberRole: string

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    member = await join(gatehouse, acme)
    memberRole = await roleByKey(gatehouse, acme, 'member')
    await gatehouse.superuser.rows(
      'UPDATE organization_counters SET invitation_quota = 100000 WHERE organization_id = $1',
      [acme.uuid],
    )
  })
  afterAll(() => gatehouse.close())

  const admin = () => acme.admin.organization
  const run = async (client: GraphQLClient, mutation: string, variables: object): Promise<string[]> => {
    const payload = Object.values((await client.send<Answer>(mutation, { ...variables })).data ?? {})[0] as Answer
    return payload.userErrors.map(({ code }: { code: string }) => code)
  }
  const rows = (sql: string, ...values: unknown[]) => gatehouse.superuser.rows<Answer>(sql, [acme.uuid, ...values])

  /** Nothing refers to a role that is not there, and every copy of a key or name says what the role says. */
  async function expectWhole(): Promise<void> {
    const orphans = ROLE_REFERENCES.map(
      ({
        table,
        column,
      }) => `SELECT '${table}' AS what FROM ${table} t WHERE t.organization_id = $1 AND t.${column} IS NOT NULL
        AND NOT EXISTS (SELECT FROM roles r WHERE r.organization_id = $1 AND r.id = t.${column})`,
    )
    const stale = [
      `SELECT 'membership' AS what FROM user_memberships um
       JOIN members m ON m.organization_id = $1 AND m.id = um.member_id JOIN roles r ON r.organization_id = $1 AND r.id = m.role_id
       WHERE um.organization_id = $1 AND um.role_key <> r.key`,
      `SELECT 'offer' FROM invitation_addresses a
       JOIN invitations i ON i.organization_id = $1 AND i.id = a.invitation_id
       JOIN members m ON m.organization_id = $1 AND m.id = i.member_id JOIN roles r ON r.organization_id = $1 AND r.id = m.role_id
       WHERE a.organization_id = $1 AND a.role_name <> r.name`,
      `SELECT 'card' FROM organization_cards c WHERE c.organization_id = $1 AND c.role_names <> coalesce((
         SELECT jsonb_object_agg(r.key, r.name) FROM roles r
         WHERE r.organization_id = $1 AND r.scope = 'ORGANIZATION' AND NOT r.is_system), '{}')`,
    ]
    expect(await rows([...orphans, ...stale].join('\nUNION ALL\n'))).toEqual([])
  }

  /** Where something stands in the order of the audit log, whose ids are made in turn, under the lock. */
  async function happened(action: string, target: string): Promise<string> {
    const [row] = await rows(
      `SELECT id FROM audit_events WHERE organization_id = $1 AND action = $2 AND $3 = ANY (target_ids) ORDER BY id DESC LIMIT 1`,
      action,
      target,
    )
    return row!.id
  }

  const roleOf = async ({ memberId }: { memberId: string }): Promise<string> => {
    const [row] = await rows(
      'SELECT r.key FROM members m JOIN roles r ON r.organization_id = $1 AND r.id = m.role_id WHERE m.organization_id = $1 AND m.id = $2',
      memberId,
    )
    return row!.key
  }

  /** Gives a member a role, behind the application's back: where a round begins. */
  const hold = ({ memberId }: { memberId: string }, role: string) =>
    rows(
      `WITH held AS (UPDATE members SET role_id = $3 WHERE organization_id = $1 AND id = $2)
       UPDATE user_memberships SET role_key = (SELECT key FROM roles WHERE organization_id = $1 AND id = $3)
       WHERE organization_id = $1 AND member_id = $2`,
      memberId,
      fromTypeId('Role', role),
    )

  it(`leave nobody with a role that is deleted while it is given, in ${ACCESS_RACES} races`, async () => {
    const fixtures = new AccessFixtures(gatehouse, acme.uuid)
    const coming = await makeRole(acme, 'Coming', [])
    let wasGiven = 0
    for (let round = 0; round < ACCESS_RACES; round += 1) {
      await hold(member, memberRole)
      const going = idOf.role(await fixtures.role('ORGANIZATION', [], `Going ${round}`))
      const [given, deleted] = await Promise.all([
        giveRole(acme, [member], going),
        run(admin(), DELETE, { id: going, to: coming }),
      ])
      expect(deleted).toEqual([])
      expect([given, await roleOf(member)]).toEqual(given.length > 0 ? [['NOT_FOUND'], 'member'] : [[], 'coming'])
      wasGiven += given.length === 0 ? 1 : 0
      if (round % 10 === 0) await expectWhole()
    }
    await expectWhole()
    expect(wasGiven).toBeGreaterThan(0)
    expect(await run(admin(), DELETE, { id: coming, to: memberRole })).toEqual([])
  })

  it(`leave no grant with a role that is deleted while it is granted, in ${ACCESS_RACES} races`, async () => {
    const fixtures = new AccessFixtures(gatehouse, acme.uuid)
    const [project, team] = [await fixtures.project(), await fixtures.team('Granted', [])]
    const to = await roleByKey(gatehouse, acme, 'project_member')
    for (let round = 0; round < ACCESS_RACES; round += 1) {
      await rows('DELETE FROM project_grants WHERE organization_id = $1')
      const role = idOf.role(await fixtures.role('PROJECT', [], `Granted ${round}`))
      const principal = round % 2 === 0 ? memberTypeId(member) : idOf.team(team)
      const [granted, deleted] = await Promise.all([
        run(admin(), GRANT, { p: idOf.project(project), m: principal, r: role }),
        run(admin(), DELETE, { id: role, to }),
      ])
      expect([granted, deleted]).toEqual([granted.length > 0 ? ['NOT_FOUND'] : [], []])
      const grants = await rows('SELECT role_id FROM project_grants WHERE organization_id = $1')
      expect(grants).toEqual(granted.length > 0 ? [] : [{ role_id: fromTypeId('Role', to) }])
      if (round % 10 === 0) await expectWhole()
    }
    await expectWhole()
  })

  it(`leave no invitation with a role or a name that is not there any more, in ${RACES} races`, async () => {
    for (let round = 0; round < RACES; round += 1) {
      const role = await makeRole(acme, `Offered ${round}`, [])
      const [sent, , deleted] = await Promise.all([
        invite(acme, { emails: [`offered.${round}@example.com`], roleId: role }),
        run(admin(), UPDATE, { id: role, input: { name: `Renamed ${round}` } }),
        run(admin(), DELETE, { id: role, to: memberRole }),
      ])
      expect(deleted).toEqual([])
      expect(sent.userErrors.map(({ code }: { code: string }) => code)).toEqual(sent.results ? [] : ['NOT_FOUND'])
      await expectWhole()
    }
  })

  it(`let people who accept meanwhile have the replacement, in ${RACES} races`, async () => {
    for (let round = 0; round < RACES; round += 1) {
      const role = await makeRole(acme, `Accepted ${round}`, [])
      const person = await signUp(gatehouse, 'Guest')
      await invited(gatehouse, acme, person.email, { roleId: role })
      const { token } = (await lettersTo(gatehouse, person.email)).at(-1)!
      const [accepted, deleted] = await Promise.all([
        run(person.account, ACCEPT, { token }),
        run(admin(), DELETE, { id: role, to: memberRole }),
      ])
      expect([accepted, deleted]).toEqual([[], []])
      await expectWhole()
    }
  })

  it(`let one of two roles go that replace each other, in ${RACES} races`, async () => {
    for (let round = 0; round < RACES; round += 1) {
      const [one, other] = [await makeRole(acme, `One ${round}`, []), await makeRole(acme, `Other ${round}`, [])]
      const holder = await joinAs(gatehouse, acme, one)
      const answers = await Promise.all([
        run(admin(), DELETE, { id: one, to: other }),
        run(admin(), DELETE, { id: other, to: one }),
      ])
      expect(answers.flat()).toEqual(['NOT_FOUND'])
      const left = answers[0]!.length === 0 ? [`other_${round}`, other] : [`one_${round}`, one]
      expect(await roleOf(holder)).toBe(left[0])
      await expectWhole()
      expect(await run(admin(), DELETE, { id: left[1], to: memberRole })).toEqual([])
    }
  })

  it(`let nobody give or offer a role that grew beyond them, in ${RACES} races`, async () => {
    const giver = await joinAs(gatehouse, acme, await makeRole(acme, 'Giver', [...GIVING, 'invitation.create']))
    for (let round = 0; round < RACES; round += 1) {
      await giveRole(acme, [member], memberRole)
      const role = await makeRole(acme, `Growing ${round}`, ['member.read'])
      const [given, offered, grown] = await Promise.all([
        giveRole(acme, [member], role, giver.organization),
        invite(acme, { emails: [`growing.${round}@example.com`], roleId: role }, giver.organization),
        run(admin(), UPDATE, { id: role, input: { permissions: ['audit.read'] } }),
      ])
      expect(grown).toEqual([])
      const grownAt = await happened('role.updated', role)
      if (given.length > 0) expect([given, await roleOf(member)]).toEqual([['FORBIDDEN'], 'member'])
      else expect((await happened('member.role.updated', memberTypeId(member))) < grownAt).toBe(true)
      const refused = offered.userErrors.map(({ code }: { code: string }) => code)
      if (refused.length > 0) expect(refused).toEqual(['FORBIDDEN'])
      else expect((await happened('invitation.sent', offered.results[0].invitation.id)) < grownAt).toBe(true)
      expect(await run(admin(), DELETE, { id: role, to: memberRole })).toEqual([])
    }
  })

  it(`let nobody give, make or change anything after they were demoted, in ${ACCESS_RACES} races`, async () => {
    const makerRole = await makeRole(acme, 'Maker', [...GIVING, 'role.manage'])
    const giver = await joinAs(gatehouse, acme, makerRole)
    const role = await makeRole(acme, 'Handed', GIVING)
    for (let round = 0; round < ACCESS_RACES; round += 1) {
      await hold(giver, makerRole)
      await hold(member, memberRole)
      const made = `made_${newId().slice(-12)}`
      const [given, created, demoted] = await Promise.all([
        giveRole(acme, [member], role, giver.organization),
        makeRole(acme, 'Made', GIVING, { key: made }, giver.organization).catch(() => null),
        giveRole(acme, [giver], memberRole),
      ])
      expect(demoted).toEqual([])
      const demotedAt = await happened('member.role.updated', memberTypeId(giver))
      if (given.length > 0) expect([given, await roleOf(member)]).toEqual([['FORBIDDEN'], 'member'])
      else expect((await happened('member.role.updated', memberTypeId(member))) < demotedAt).toBe(true)
      if (!created) continue
      expect((await happened('role.created', created)) < demotedAt).toBe(true)
      expect(await run(admin(), DELETE, { id: created })).toEqual([])
    }
  })

  it(`let nobody suspend somebody who rose above them, in ${RACES} races`, async () => {
    const giver = await joinAs(gatehouse, acme, await makeRole(acme, 'Suspender', GIVING))
    const higher = await makeRole(acme, 'Risen', ['audit.read'])
    const SUSPEND = `mutation ($id: ID!, $m: ID!) { suspendMembers(organizationId: $id, members: { ids: [$m] }, onError: ABORT_ALL) { userErrors { code } } }`
    for (let round = 0; round < RACES; round += 1) {
      const target = await join(gatehouse, acme)
      const [suspended, risen] = await Promise.all([
        run(giver.organization, SUSPEND, { id: acme.id, m: memberTypeId(target) }),
        giveRole(acme, [target], higher),
      ])
      expect(risen).toEqual([])
      if (suspended.length > 0) expect(suspended).toEqual(['FORBIDDEN'])
      else {
        const suspendedAt = await happened('member.suspended', memberTypeId(target))
        expect(suspendedAt < (await happened('member.role.updated', memberTypeId(target)))).toBe(true)
      }
    }
  })
})
