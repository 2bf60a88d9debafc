import { fromTypeId } from '../../../src/kernel/ids'
import { COUNTERS } from '../../support/counters'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { newUser, pushTo, type ScimAnswer, type TestDirectory } from '../../support/scim'
import { arrangeIdentity, arrangeProvider } from '../../support/sso'
import { openSession } from '../../support/world'

const MANY = 40
const OFF = [{ op: 'Replace', path: 'active', value: 'False' }]

describe('SCIM requests of one directory that come together', () => {
  let gatehouse: Gatehouse
  let directory: TestDirectory

  beforeAll(async () => {
    gatehouse = await startGatehouse({}, { scimRateLimit: { perSecond: 100_000, burst: 100_000 } })
  })
  beforeEach(async () => {
    directory = await pushTo(gatehouse)
  })
  afterAll(() => gatehouse.close())

  const rows = <Row>(sql: string, ...values: unknown[]) => gatehouse.superuser.rows<Row>(sql, values)
  const create = (body: object) => directory.scim.post('/Users', body)
  const createMany = () => Promise.all(Array.from({ length: MANY }, () => create(newUser())))
  const idsOf = (answers: readonly ScimAnswer[]) => answers.map(({ body }) => body.id as string)
  const uuidsOf = (ids: readonly string[]) => ids.map((id) => fromTypeId('DirectoryUser', id))

  /** Sends everything while the organization is held, so that all of it waits before anything is written. */
  async function sendAtOnce(send: () => Promise<ScimAnswer>[]): Promise<ScimAnswer[]> {
    const scope = { kind: 'organization', organizationId: directory.organization.uuid } as const
    const sent = await gatehouse.database.write(scope, async (tx) => {
      await tx.execute({ name: 'test-hold-organization', text: 'SELECT FROM organizations FOR UPDATE' })
      const answers = Promise.all(send())
      await new Promise((resolve) => setTimeout(resolve, 600))
      return { answers }
    })
    return sent.answers
  }

  /** Transactions that wrote these people last. */
  async function transactionsOf(ids: readonly string[]): Promise<number> {
    const [row] = await rows<{ n: number }>(
      'SELECT count(DISTINCT xmin::text)::int AS n FROM directory_users WHERE id = ANY ($1)',
      uuidsOf(ids),
    )
    return row!.n
  }

  /** Whether the counters say what the rows say. */
  async function countedRight(): Promise<unknown> {
    const [row] = await rows(
      `SELECT c.joined = (SELECT count(*) FROM members m WHERE m.organization_id = c.organization_id AND m.status = 'JOINED')
         AND c.suspended = (SELECT count(*) FROM members m WHERE m.organization_id = c.organization_id AND m.status = 'SUSPENDED')
         AND (SELECT sum(d.users) FROM directory_counters d WHERE d.organization_id = c.organization_id)
           = (SELECT count(*) FROM directory_users u WHERE u.organization_id = c.organization_id) AS right
       FROM ${COUNTERS} c WHERE c.organization_id = $1`,
      directory.organization.uuid,
    )
    return row
  }

  it('make many people in few transactions, and each is there when it is answered', async () => {
    const answers = await sendAtOnce(() =>
      Array.from({ length: MANY }, async () => {
        const made = await create(newUser())
        const found = await directory.scim.get(`/Users/${made.body.id}`)
        return { ...found, body: { ...found.body, made: made.status } }
      }),
    )
    expect(answers.map(({ status, body }) => [body.made, status])).toEqual(answers.map(() => [201, 200]))
    expect(await transactionsOf(idsOf(answers))).toBeLessThan(MANY / 2)
    expect(await countedRight()).toEqual({ right: true })
  })

  it('deactivate many people in few transactions, and the audit tells of each request by itself', async () => {
    const ids = idsOf(await createMany())
    const answers = await sendAtOnce(() => ids.map((id) => directory.scim.patch(`/Users/${id}`, OFF)))
    expect(answers.map(({ status, body }) => [status, body.active])).toEqual(ids.map(() => [200, false]))
    expect(await transactionsOf(ids)).toBeLessThan(MANY / 2)
    const told = await rows<{ action: string; events: number; people: number; requests: number }>(
      `SELECT e.action, count(*)::int AS events, count(DISTINCT t.target_id)::int AS people, count(DISTINCT e.request_id)::int AS requests
       FROM audit_event_targets t JOIN audit_events e ON e.id = t.event_id
       WHERE t.target_id = ANY ($1) AND e.action <> 'directory.user.created' GROUP BY e.action`,
      ids,
    )
    expect(told).toEqual([{ action: 'member.suspended', events: MANY, people: MANY, requests: MANY }])
    expect(await countedRight()).toEqual({ right: true })
  })

  it('end what each of them holds, and leave a tombstone for each subject', async () => {
    const ids = idsOf(await createMany())
    const members = await rows<{ memberId: string; userId: string }>(
      `SELECT m.id AS "memberId", m.user_id AS "userId" FROM unnest($1::uuid[]) WITH ORDINALITY AS asked(id, n)
       JOIN directory_users u ON u.id = asked.id JOIN members m ON m.id = u.member_id ORDER BY asked.n`,
      uuidsOf(ids),
    )
    const provider = await arrangeProvider(gatehouse, directory.organization)
    const tokens: string[] = []
    for (const [n, member] of members.entries()) {
      tokens.push(await openSession(gatehouse, directory.organization.uuid, member.memberId))
      await arrangeIdentity(gatehouse, directory.organization, provider, member, `subject-${n}`)
    }
    const answers = await sendAtOnce(() =>
      ids.map((id, n) => directory.scim.patch(`/Users/${id}${n % 2 ? '?excludedAttributes=groups' : ''}`, OFF)),
    )
    expect(answers.map(({ status, body }) => [status, body.id, body.active, body.meta.version])).toEqual(
      ids.map((id) => [200, id, false, 'W/"2"']),
    )
    for (const token of tokens) {
      const { data } = await gatehouse.client(token).send('{ viewer { activeOrganization { id } } }')
      expect(data?.viewer?.activeOrganization ?? null).toBeNull()
    }
    const stones = await rows<{ member_id: string; subjects: (string | null)[] }>(
      `SELECT member_id, array_agg(subject ORDER BY subject NULLS FIRST) AS subjects FROM member_tombstones
       WHERE organization_id = $1 AND reason = 'DIRECTORY' AND lifted_at IS NULL GROUP BY member_id`,
      directory.organization.uuid,
    )
    expect(new Map(stones.map(({ member_id: id, subjects }) => [id, subjects]))).toEqual(
      new Map(members.map(({ memberId }, n) => [memberId, [null, `subject-${n}`]])),
    )
  })

  it('are refused each for itself, and whoever is not refused is written', async () => {
    const ids = idsOf(await createMany())
    const wanted = (n: number) => ['written', 'stale', 'written', 'unknown', 'refused'][n % 5]!
    const answers = await sendAtOnce(() =>
      ids.map((id, n) => {
        const kind = wanted(n)
        const path = `/Users/${kind === 'unknown' ? id.replace(/.{4}$/, '0000') : id}`
        const body = kind === 'refused' ? [...OFF, { op: 'replace', path: 'userName', value: ' ' }] : OFF
        return directory.scim.patch(path, body, kind === 'stale' ? { 'if-match': 'W/"7"' } : {})
      }),
    )
    const statusOf = { written: 200, stale: 412, unknown: 404, refused: 400 } as Record<string, number>
    expect(answers.map(({ status }) => status)).toEqual(ids.map((_, n) => statusOf[wanted(n)]))
    const stored = await rows<{ active: boolean; version: number; status: string }>(
      `SELECT u.active, u.version, m.status FROM unnest($1::uuid[]) WITH ORDINALITY AS asked(id, n)
       JOIN directory_users u ON u.id = asked.id JOIN members m ON m.id = u.member_id ORDER BY asked.n`,
      uuidsOf(ids),
    )
    expect(stored).toEqual(
      ids.map((_, n) =>
        wanted(n) === 'written'
          ? { active: false, version: 2, status: 'SUSPENDED' }
          : { active: true, version: 1, status: 'JOINED' },
      ),
    )
    expect(await countedRight()).toEqual({ right: true })
  })

  it('make nobody twice: who is there already, or comes twice, is 409 and the others are made', async () => {
    const there = newUser()
    await create(there)
    const twice = newUser()
    const bodies = Array.from({ length: MANY }, (_, n) => (n % 8 === 1 ? there : n % 8 === 5 ? twice : newUser()))
    const answers = await sendAtOnce(() => bodies.map(create))
    const statusesOf = (is: (body: object) => boolean) =>
      answers.flatMap(({ status }, n) => (is(bodies[n]!) ? status : [])).sort((one, other) => one - other)
    expect(statusesOf((body) => body === there)).toEqual([409, 409, 409, 409, 409])
    expect(statusesOf((body) => body === twice)).toEqual([201, 409, 409, 409, 409])
    expect(new Set(statusesOf((body) => body !== there && body !== twice))).toEqual(new Set([201]))
    expect(await countedRight()).toEqual({ right: true })
  })

  it('of people with one address are all made, of whom one has it', async () => {
    const { userName: address } = newUser()
    const answers = await sendAtOnce(() =>
      Array.from({ length: 12 }, () => create({ ...newUser(), emails: [{ value: address, primary: true }] })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 201))
    const [row] = await rows<{ n: number; with_address: number }>(
      `SELECT count(*)::int AS n, count(*) FILTER (WHERE m.email = lower($2))::int AS with_address
       FROM directory_users u JOIN members m ON m.id = u.member_id WHERE u.id = ANY ($1)`,
      uuidsOf(idsOf(answers)),
      address,
    )
    expect(row).toEqual({ n: 12, with_address: 1 })
  })

  it('find each their own person, and nobody where there is none or the token is wrong', async () => {
    const ids = idsOf(await createMany())
    const wrong = { authorization: `Bearer ${directory.token.slice(0, -1)}x` }
    const answers = await Promise.all(
      ids.map((id, n) =>
        directory.scim.get(`/Users/${n % 3 === 1 ? id.replace(/.{4}$/, '0000') : id}`, n % 3 === 2 ? wrong : {}),
      ),
    )
    expect(answers.map(({ status, body }) => [status, body.id])).toEqual(
      ids.map((id, n) => [[200, id] as const, [404, undefined] as const, [401, undefined] as const][n % 3]),
    )
  })

  it('do not share what a stranger sends: a wrong token among them writes nothing', async () => {
    const ids = idsOf(await createMany())
    const wrong = { authorization: `Bearer ${directory.token.slice(0, -1)}x` }
    const answers = await sendAtOnce(() =>
      ids.map((id, n) => directory.scim.patch(`/Users/${id}`, OFF, n % 2 ? wrong : {})),
    )
    expect(answers.map(({ status }) => status)).toEqual(ids.map((_, n) => (n % 2 ? 401 : 200)))
    const [row] = await rows<{ off: number }>(
      'SELECT count(*) FILTER (WHERE NOT active)::int AS off FROM directory_users WHERE id = ANY ($1)',
      uuidsOf(ids),
    )
    expect(row).toEqual({ off: MANY / 2 })
  })
})
