import { setTimeout as sleep } from 'node:timers/promises'
import { parseTypeId } from '../../../src/kernel/ids'
import { COUNTERS } from '../../support/counters'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { newGroup, newUser, pushTo, type ScimAnswer, type TestDirectory } from '../../support/scim'
import { RACES } from '../../support/soak'
import { MINT } from '../../support/tokens'
import { openSession } from '../../support/world'

const UNLIMITED = { scimRateLimit: { perSecond: 100_000, burst: 100_000 } }

describe('SCIM requests that meet', () => {
  let gatehouse: Gatehouse
  let directory: TestDirectory

  beforeAll(async () => {
    gatehouse = await startGatehouse({}, UNLIMITED)
    directory = await pushTo(gatehouse)
  })
  afterAll(() => gatehouse.close())

  const statuses = (answers: readonly ScimAnswer[]) => answers.map(({ status }) => status).sort((a, b) => a - b)
  const rows = <Row>(sql: string, ...values: unknown[]) => gatehouse.superuser.rows<Row>(sql, values)

  /** Makes these people the only Admins. */
  async function makeAdminsOf(ids: readonly string[]): Promise<void> {
    const { uuid } = directory.organization
    await rows(
      `UPDATE members m SET role_id = r.id FROM roles r
       WHERE m.organization_id = $1 AND r.organization_id = $1 AND r.scope = 'ORGANIZATION'
         AND r.key = CASE WHEN m.id IN (SELECT member_id FROM directory_users WHERE id = ANY ($2)) THEN 'admin' ELSE 'member' END`,
      uuid,
      ids.map((id) => parseTypeId(id)!.uuid),
    )
    await rows('UPDATE organization_counters SET admins = 2, adminless_since = NULL WHERE organization_id = $1', uuid)
  }

  it('C3 of 25 creates of one userName one is 201 and all others are 409 uniqueness', async () => {
    for (let round = 0; round < Math.ceil(RACES / 25); round += 1) {
      const body = newUser()
      const answers = await Promise.all(Array.from({ length: 25 }, () => directory.scim.post('/Users', body)))
      expect(statuses(answers)).toEqual([201, ...Array.from({ length: 24 }, () => 409)])
      for (const { status, body: error } of answers) if (status === 409) expect(error.scimType).toBe('uniqueness')
      const [row] = await rows<{ n: number; members: number }>(
        `SELECT (SELECT count(*)::int FROM directory_users WHERE user_name = $1) AS n,
           (SELECT count(*)::int FROM members WHERE email = $1) AS members`,
        body.userName,
      )
      expect(row).toEqual({ n: 1, members: 1 })
    }
  })

  it('C3 of 25 creates of one group one is 201', async () => {
    const body = newGroup()
    const answers = await Promise.all(Array.from({ length: 25 }, () => directory.scim.post('/Groups', body)))
    expect(statuses(answers)).toEqual([201, ...Array.from({ length: 24 }, () => 409)])
  })

  it('V3 of 50 PATCHes with one ETag one is 200 and 49 are 412', async () => {
    const { id, meta } = (await directory.scim.post('/Users', newUser())).body
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        directory.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'title', value: `T${n}` }], {
          'if-match': meta.version,
        }),
      ),
    )
    expect(statuses(answers)).toEqual([200, ...Array.from({ length: 49 }, () => 412)])
    expect((await directory.scim.get(`/Users/${id}`)).body.meta.version).toBe('W/"2"')
  })

  it('R16 V5 members that join and leave at once are counted right, in groups and teams', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => directory.scim.post('/Users', newUser())))
    const ids = people.map(({ body }) => body.id as string)
    const groups = await Promise.all([0, 1].map(() => directory.scim.post('/Groups', newGroup())))
    await Promise.all(
      Array.from({ length: RACES }, (_, n) => {
        const path = `/Groups/${groups[n % 2]!.body.id}`
        const value = [{ value: ids[n % 10] }, { value: ids[(n * 3) % 10] }]
        return directory.scim.patch(path, [{ op: n % 3 === 0 ? 'remove' : 'add', path: 'members', value }])
      }),
    ).then((answers) => expect(new Set(statuses(answers))).toEqual(new Set([204])))
    const wrong = await rows(
      `SELECT g.display_name FROM directory_groups g JOIN teams t ON t.id = g.team_id
       WHERE g.member_count <> (SELECT count(*) FROM directory_group_members m WHERE m.group_id = g.id)
          OR t.member_count <> (SELECT count(*) FROM team_members m WHERE m.team_id = t.id)
          OR EXISTS (SELECT FROM directory_group_members m JOIN directory_users u ON u.id = m.user_id WHERE m.group_id = g.id
               AND NOT EXISTS (SELECT FROM team_members tm WHERE tm.team_id = t.id AND tm.member_id = u.member_id))`,
    )
    expect(wrong).toEqual([])
  })

  it('nobody reads or writes with a session after the answer that deactivated them', async () => {
    for (let round = 0; round < RACES; round += 1) {
      const { id, userName } = (await directory.scim.post('/Users', newUser())).body
      const [member] = await rows<{ member_id: string }>(
        'SELECT member_id FROM directory_users WHERE user_name = $1',
        userName,
      )
      const token = await openSession(gatehouse, directory.organization.uuid, member!.member_id)
      const client = gatehouse.client(token)
      const ask = () => client.send('{ viewer { activeOrganization { id } } }')
      const [answer] = await Promise.all([
        directory.scim.patch(`/Users/${id}`, [{ op: 'Replace', path: 'active', value: 'False' }]),
        ask(),
        ask(),
      ])
      const after = await ask()
      expect([answer.status, after.data?.viewer?.activeOrganization ?? null]).toEqual([200, null])
    }
    const [counted] = await rows<{ right: boolean }>(
      `SELECT c.joined = (SELECT count(*) FROM members m WHERE m.organization_id = c.organization_id AND m.status = 'JOINED')
         AND c.suspended = (SELECT count(*) FROM members m WHERE m.organization_id = c.organization_id AND m.status = 'SUSPENDED') AS right
       FROM ${COUNTERS} c WHERE c.organization_id = $1`,
      directory.organization.uuid,
    )
    expect(counted).toEqual({ right: true })
  })

  it('nothing that a person began is committed after the answer that deactivated them', async () => {
    const { organization } = directory
    let begun = 0
    for (let round = 0; round < RACES; round += 1) {
      const { id, userName } = (await directory.scim.post('/Users', newUser())).body
      const [member] = await rows<{ member_id: string; user_id: string }>(
        'SELECT u.member_id, m.user_id FROM directory_users u JOIN members m ON m.id = u.member_id WHERE u.user_name = $1',
        userName,
      )
      const client = gatehouse.client(await openSession(gatehouse, organization.uuid, member!.member_id))
      const written = async () =>
        (
          await rows<{ n: number }>('SELECT count(*)::int AS n FROM audit_events WHERE actor_id = $1', member!.user_id)
        )[0]!.n
      const writes = [0, 1, 2, 3].map((n) =>
        sleep(n * 2).then(() => client.send(MINT, { input: { withRefreshToken: true } })),
      )
      // In some rounds the writes have a head start, without which the deactivation may always be first.
      await sleep((round % 4) * 10)
      const answer = await directory.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }])
      const then = await written()
      await Promise.all(writes)
      expect([answer.status, await written()]).toEqual([200, then])
      begun += then
    }
    expect(begun).toBeGreaterThan(0)
  })

  it('of two Admins who are deactivated at once one is seen to be the last', async () => {
    for (let round = 0; round < Math.ceil(RACES / 10); round += 1) {
      const ids = await Promise.all(
        [0, 1].map(async () => (await directory.scim.post('/Users', newUser())).body.id as string),
      )
      await makeAdminsOf(ids)
      const answers = await Promise.all(
        ids.map((id) => directory.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }])),
      )
      expect(statuses(answers)).toEqual([200, 200])
      const [seen] = await rows<{ admins: number; marked: boolean; told: number }>(
        `SELECT admins, adminless_since IS NOT NULL AS marked,
           (SELECT count(*)::int FROM audit_events a WHERE a.organization_id = c.organization_id AND action = 'organization.adminless') AS told
         FROM organization_counters c WHERE organization_id = $1`,
        directory.organization.uuid,
      )
      expect(seen).toEqual({ admins: 0, marked: true, told: round + 1 })
    }
  })

  it('somebody whose member was removed comes back as one new member, however many ask for it at once', async () => {
    const { id } = (await directory.scim.post('/Users', newUser())).body
    const { uuid } = parseTypeId(id)!
    for (let round = 0; round < Math.ceil(RACES / 10); round += 1) {
      await directory.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }])
      await rows(
        `UPDATE members SET status = 'REMOVED', suspended_at = NULL, removed_at = now()
         WHERE id = (SELECT member_id FROM directory_users WHERE id = $1)`,
        uuid,
      )
      const answers = await Promise.all(
        Array.from({ length: 10 }, () =>
          directory.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: true }]),
        ),
      )
      expect(statuses(answers)).toEqual(Array.from({ length: 10 }, () => 200))
      const [{ status, members } = {}] = await rows<{ status?: string; members?: number }>(
        `SELECT m.status, (SELECT count(*)::int FROM members o WHERE o.organization_id = m.organization_id AND o.email = m.email) AS members
         FROM directory_users u JOIN members m ON m.id = u.member_id WHERE u.id = $1`,
        uuid,
      )
      expect([status, members]).toEqual(['JOINED', round + 2])
    }
  })

  it('deactivation and reactivation that meet leave status, counters and person agreeing', async () => {
    const { id, userName } = (await directory.scim.post('/Users', newUser())).body
    for (let round = 0; round < Math.ceil(RACES / 10); round += 1) {
      await Promise.all(
        [true, false, true, false].map((active) =>
          directory.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: active }]),
        ),
      )
      const [row] = await rows<{ active: boolean; status: string }>(
        'SELECT u.active, m.status FROM directory_users u JOIN members m ON m.id = u.member_id WHERE u.user_name = $1',
        userName,
      )
      expect(row!.status).toBe(row!.active ? 'JOINED' : 'SUSPENDED')
    }
  })
})
