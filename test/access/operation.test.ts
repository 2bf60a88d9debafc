import { anonymousCaller, type Caller, notFound, Operation, readUseCase, writeUseCase } from '../../src/access'
import { AppError } from '../../src/kernel/errors'
import { newId } from '../../src/kernel/ids'
import { type Gatehouse, startGatehouse, TEST_OPERATOR_KEY } from '../support/gatehouse'
import { found, join, type OrganizationMember, type TestOrganization } from '../support/world'

interface InOrganization {
  organizationId: string
}

const COUNT_MEMBERS = { name: 'test-count-members', text: 'SELECT count(*)::int AS n FROM members' }
const RENAME = { name: 'test-rename', text: 'UPDATE organizations SET name = $1' }

const countMembers = readUseCase({
  name: 'testCountMembers',
  requires: 'member.read',
  organization: (input: InOrganization) => input.organizationId,
  run: async ({ tx }) => (await tx.query<{ n: number }>(COUNT_MEMBERS))[0]!.n,
})

const loseConnection = readUseCase({
  name: 'testLoseConnection',
  requires: 'member.read',
  organization: (input: InOrganization) => input.organizationId,
  run: ({ tx }) => tx.query({ name: 'test-lose-connection', text: 'SELECT pg_terminate_backend(pg_backend_pid())' }),
})

const rename = writeUseCase({
  name: 'testRename',
  requires: 'organization.update',
  organization: (input: InOrganization & { name: string; then: 'audit' | 'say nothing' | 'fail' }) =>
    input.organizationId,
  locks: 'share',
  async run(context, { name, then }): Promise<string> {
    await context.tx.execute(RENAME, [name])
    context.count({ invited: 1 })
    context.send({ kind: 'test', destination: 'nowhere', payload: { name }, secret: 'canary-secret' })
    if (then === 'fail') throw new AppError('CONFLICT', 'No.')
    if (then === 'audit') context.audit({ action: 'test.renamed', targets: [] })
    return name
  },
})

describe('an operation', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let rival: TestOrganization
  let member: OrganizationMember

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse, 'Acme')
    rival = await found(gatehouse, 'Rival')
    member = await join(gatehouse, acme)
  })
  afterAll(() => gatehouse.close())

  const caller = (secrets: Partial<Caller>): Caller => ({
    ...anonymousCaller({ id: 'req_test', ip: null, userAgent: null }),
    ...secrets,
  })
  const asAdmin = () => caller({ organizationToken: acme.admin.organizationToken })
  async function inOperation<T>(as: Caller, work: (operation: Operation) => Promise<T>): Promise<T> {
    const operation = new Operation(gatehouse.app.spine, as)
    try {
      return await work(operation)
    } finally {
      await operation.close()
    }
  }
  const state = async () =>
    (
      await gatehouse.superuser.rows<{ name: string; invited: number; audits: number; messages: number }>(
        `SELECT o.name, c.invited, (SELECT count(*)::int FROM audit_events a WHERE a.organization_id = o.organization_id AND action = 'test.renamed') AS audits,
           (SELECT count(*)::int FROM outbox_messages m WHERE m.organization_id = o.organization_id AND kind = 'test') AS messages
         FROM organizations o JOIN organization_counters c USING (organization_id) WHERE organization_id = $1`,
        [acme.uuid],
      )
    )[0]!

  it('commits a change together with its audit row, message and counters', async () => {
    const before = await state()
    await inOperation(asAdmin(), (operation) =>
      operation.execute(rename, { organizationId: acme.uuid, name: 'Renamed', then: 'audit' }),
    )
    expect(await state()).toEqual({
      name: 'Renamed',
      invited: before.invited + 1,
      audits: before.audits + 1,
      messages: before.messages + 1,
    })
  })

  it.each(['say nothing', 'fail'] as const)('leaves no trace of a write that ends with "%s"', async (then) => {
    const before = await state()
    const outcome = inOperation(asAdmin(), (operation) =>
      operation.execute(rename, { organizationId: acme.uuid, name: 'Lost', then }),
    )
    if (then === 'fail') await expect(outcome).rejects.toMatchObject({ code: 'CONFLICT' })
    else await expect(outcome).resolves.toBe('Lost')
    expect(await state()).toEqual(before)
  })

  it('answers UNAVAILABLE when the database goes away under a read, and the next one is answered', async () => {
    const lost = inOperation(asAdmin(), (operation) => operation.execute(loseConnection, { organizationId: acme.uuid }))
    await expect(lost).rejects.toMatchObject({ code: 'UNAVAILABLE', details: { retryAfterSeconds: 5 } })
    const next = inOperation(asAdmin(), (operation) => operation.execute(countMembers, { organizationId: acme.uuid }))
    await expect(next).resolves.toBeGreaterThan(0)
  })

  it('keeps the secret of a message sealed in its row', async () => {
    const rows = await gatehouse.superuser.rows<{ sealed: Buffer; rest: string }>(
      "SELECT sealed, (to_jsonb(m) - 'sealed')::text AS rest FROM outbox_messages m WHERE kind = 'test'",
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { sealed, rest } of rows) expect(sealed.toString('latin1') + rest).not.toContain('canary-secret')
  })

  it('answers UNAUTHENTICATED, FORBIDDEN or NOT_FOUND, and changes nothing', async () => {
    const before = await state()
    const input = { organizationId: acme.uuid, name: 'Broken in', then: 'audit' } as const
    const attempts: [Caller, string][] = [
      [caller({}), 'UNAUTHENTICATED'],
      [caller({ organizationToken: 'gos_forged' }), 'UNAUTHENTICATED'],
      [caller({ operatorKey: `${TEST_OPERATOR_KEY}x` }), 'UNAUTHENTICATED'],
      [caller({ accountToken: acme.admin.accountToken }), 'NOT_FOUND'],
      [caller({ organizationToken: member.organizationToken }), 'FORBIDDEN'],
      [caller({ organizationToken: rival.admin.organizationToken }), 'NOT_FOUND'],
    ]
    for (const [as, code] of attempts)
      await expect(inOperation(as, (operation) => operation.execute(rename, input))).rejects.toMatchObject({ code })
    expect(await state()).toEqual(before)
  })

  it('answers for an organization that does not exist exactly as for one of somebody else', async () => {
    const errors = await Promise.all(
      [rival.uuid, newId()].map((organizationId) =>
        inOperation(asAdmin(), (operation) => operation.execute(countMembers, { organizationId })).catch(
          (error: unknown) => error,
        ),
      ),
    )
    expect(errors[0]).toEqual(errors[1])
    expect(errors[0]).toEqual(notFound())
  })

  it('shows a reader the rows of its own organization only, without any WHERE', async () => {
    const seen = await inOperation(asAdmin(), (operation) =>
      operation.execute(countMembers, { organizationId: acme.uuid }),
    )
    expect(seen).toBe(2)
  })

  it('shares one connection among parallel reads and takes none while it writes', async () => {
    const pool = (
      gatehouse.database.dataSource.driver as unknown as { master: { totalCount: number; idleCount: number } }
    ).master
    await inOperation(asAdmin(), async (operation) => {
      const input = { organizationId: acme.uuid }
      await Promise.all([1, 2, 3, 4, 5].map(() => operation.execute(countMembers, input)))
      expect(pool.totalCount - pool.idleCount).toBe(1)
      await operation.execute(rename, { ...input, name: 'Again', then: 'audit' })
      expect(pool.totalCount - pool.idleCount).toBe(0)
    })
  })

  it('refuses to read two organizations at once, even for the operator', async () => {
    await inOperation(caller({ operatorKey: TEST_OPERATOR_KEY }), async (operation) => {
      await operation.execute(countMembers, { organizationId: acme.uuid })
      await expect(operation.execute(countMembers, { organizationId: rival.uuid })).rejects.toMatchObject({
        code: 'INVALID',
      })
    })
  })

  it('refuses a member from the moment the removal has committed, also one who waited for the lock', async () => {
    const leaving = await join(gatehouse, acme, 'admin')
    const outcome = await gatehouse.database.write({ kind: 'organization', organizationId: acme.uuid }, async (tx) => {
      await tx.execute({ name: 'test-lock', text: 'SELECT 1 FROM organizations FOR UPDATE' })
      const waiting = inOperation(caller({ organizationToken: leaving.organizationToken }), (operation) =>
        operation.execute(rename, { organizationId: acme.uuid, name: 'Too late', then: 'audit' }),
      ).catch((error: unknown) => error)
      await new Promise((resolve) => setTimeout(resolve, 100))
      await tx.execute({ name: 'test-remove', text: 'UPDATE members SET epoch = epoch + 1 WHERE id = $1' }, [
        leaving.memberId,
      ])
      return { waiting }
    })
    expect(await outcome.waiting).toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

describe('the database', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  it('shows no tenant row on the account side, and lets nothing be written into another organization', async () => {
    const acme = await found(gatehouse, 'Acme')
    const rival = await found(gatehouse, 'Rival')
    const count = { name: 'test-count-organizations', text: 'SELECT count(*)::int AS n FROM organizations' }
    expect(await gatehouse.database.write({ kind: 'account' }, (tx) => tx.query(count))).toEqual([{ n: 0 }])
    const intrusion = gatehouse.database.write({ kind: 'organization', organizationId: acme.uuid }, (tx) =>
      tx.execute(
        {
          name: 'test-intrude',
          text: "INSERT INTO roles (organization_id, id, scope, key, name) VALUES ($1, $2, 'PROJECT', 'x', 'x')",
        },
        [rival.uuid, newId()],
      ),
    )
    await expect(intrusion).rejects.toThrow('row-level security')
  })

  it('never reports a commit that was a rollback', async () => {
    const swallowed = gatehouse.database.write({ kind: 'account' }, async (tx) => {
      await tx.query({ name: 'test-broken', text: 'SELECT 1 / 0' }).catch(() => {})
      return 'fine'
    })
    await expect(swallowed).rejects.toThrow('rolled back')
  })

  it('commits with the last statement, or fails with its error and keeps nothing', async () => {
    const { slug } = await found(gatehouse, 'Last')
    const write = (last: string) =>
      gatehouse.database.write({ kind: 'account' }, async (tx) => {
        await tx.execute({ name: 'test-drop-slug', text: 'DELETE FROM organization_slugs WHERE slug = $1' }, [slug])
        tx.commitWith(tx.query({ name: `test-last-${last}`, text: `SELECT 1 / ${last}` }))
        return 'done'
      })
    await expect(write('0')).rejects.toMatchObject({ code: 'INVALID' })
    expect(await gatehouse.superuser.rows('SELECT FROM organization_slugs WHERE slug = $1', [slug])).toHaveLength(1)
    expect(await write('1')).toBe('done')
    expect(await gatehouse.superuser.rows('SELECT FROM organization_slugs WHERE slug = $1', [slug])).toHaveLength(0)
  })

  it('says nothing more for a transaction that has ended, in which somebody else may be by now', async () => {
    const { slug } = await found(gatehouse, 'Ended')
    const drop = { name: 'test-drop-slug', text: 'DELETE FROM organization_slugs WHERE slug = $1' }
    for (const outcome of ['kept', 'failed']) {
      let late: Promise<unknown> = Promise.resolve()
      const ended = gatehouse.database.write({ kind: 'account' }, async (tx) => {
        late = new Promise((resolve) => setTimeout(resolve, 50)).then(() => tx.execute(drop, [slug]))
        late.catch(() => {})
        await tx.query({ name: 'test-one', text: 'SELECT 1' })
        if (outcome === 'failed') throw new Error('No.')
      })
      await ended.catch(() => {})
      await expect(late).rejects.toThrow('The transaction has ended')
    }
    expect(await gatehouse.superuser.rows('SELECT FROM organization_slugs WHERE slug = $1', [slug])).toHaveLength(1)
  })

  it('runs a transaction again as a whole after a deadlock', async () => {
    const [one, two] = [await found(gatehouse, 'One'), await found(gatehouse, 'Two')]
    const lock = { name: 'test-lock-slug', text: 'SELECT 1 FROM organization_slugs WHERE slug = $1 FOR UPDATE' }
    let attempts = 0
    const crossing = (first: string, second: string) =>
      gatehouse.database.write({ kind: 'account' }, async (tx) => {
        attempts += 1
        await tx.query(lock, [first])
        await new Promise((resolve) => setTimeout(resolve, 200))
        await tx.query(lock, [second])
        return 'done'
      })
    expect(await Promise.all([crossing(one.slug, two.slug), crossing(two.slug, one.slug)])).toEqual(['done', 'done'])
    expect(attempts).toBeGreaterThan(2)
  })
})
