import { Pool, type QueryResult, type Submittable } from 'pg'
import { newId } from '../../src/kernel/ids'
import { NamedQuery } from '../../src/platform/database/named-query'
import { SharedTrips } from '../../src/platform/database/shared-trips'
import type { Statement } from '../../src/platform/database/statement'
import { createTestDatabase, type TestDatabase } from '../support/database'

const SCOPE = { kind: 'organization', organizationId: newId() } as const
const HALF: Statement = { name: 'half', text: 'SELECT $1::int AS n, 12 / $1::int AS half', sharesTrip: true }
const PLACE: Statement = {
  name: 'place',
  text: "SELECT current_setting('app.organization') AS place, $1::text AS asked",
  sharesTrip: true,
}

describe('Statements that share trips', () => {
  let database: TestDatabase
  let pool: Pool
  let trips: SharedTrips
  let taken: number
  let discarded: number

  beforeAll(async () => {
    database = await createTestDatabase()
  })
  beforeEach(() => {
    pool = new Pool({ connectionString: database.superuserUrl, pipeline: true } as never)
    taken = 0
    discarded = 0
    trips = new SharedTrips({
      take: () => {
        taken += 1
        return pool.connect()
      },
      giveBack: (client, failure) => {
        if (failure) discarded += 1
        client.release(failure)
      },
    })
  })
  afterEach(() => pool.end())
  afterAll(() => database.drop())

  const rowsOf = (answers: readonly QueryResult[]) => answers.map(({ rows }) => rows)
  const half = (n: number | string) => trips.ask(SCOPE, HALF, [n])

  it('leave together while two trips are under way, and are each answered what they asked', async () => {
    const answers = await Promise.all([1, 2, 3, 4, 6, 12].map(half))
    expect(rowsOf(answers)).toEqual([1, 2, 3, 4, 6, 12].map((n) => [{ n, half: 12 / n }]))
    expect([taken, discarded]).toEqual([3, 0])
  })

  it('are answered in the order in which they were asked also when some find nothing, and their columns differ', async () => {
    const none: Statement = { name: 'none', text: 'SELECT 1 AS one WHERE $1::int > 5', sharesTrip: true }
    const answers = await Promise.all([
      half(1),
      ...[4, 6, 5, 7].flatMap((n) => [trips.ask(SCOPE, none, [n]), trips.ask(SCOPE, PLACE, [`${n}`])]),
    ])
    const place = SCOPE.organizationId
    expect(rowsOf(answers).slice(1)).toEqual(
      [4, 6, 5, 7].flatMap((n) => [n > 5 ? [{ one: 1 }] : [], [{ place, asked: `${n}` }]]),
    )
    expect(taken).toBe(3)
  })

  it('are at most 32 together', async () => {
    await Promise.all(Array.from({ length: 70 }, (_, n) => half(n + 1)))
    expect(taken).toBe(2 + 3)
  })

  it('do not fail because another one does, which is told why', async () => {
    const answers = await Promise.allSettled([3, 1, 0, 2, 'nonsense', 4].map(half))
    expect(
      answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.rows[0].half : String(answer.reason))),
    ).toEqual([4, 12, 'error: division by zero', 6, 'error: invalid input syntax for type integer: "nonsense"', 3])
  })

  it('are read on connections on which nothing has failed', async () => {
    await Promise.allSettled([half(0), half(0)])
    expect(discarded).toBe(2)
    expect(rowsOf([await half(3)])).toEqual([[{ n: 3, half: 4 }]])
  })

  it('stay prepared on their connection when they fail in a transaction afterwards', async () => {
    await Promise.all([half(1), half(2), half(3)])
    const client = await pool.connect()
    const inTransaction = (n: number) =>
      new Promise<QueryResult>((resolve, reject) => {
        const query = new NamedQuery(HALF, [n], (error, result) => (error ? reject(error) : resolve(result)))
        client.query(query as unknown as Submittable)
      })
    const failed = await inTransaction(0).catch(String)
    const answered = await inTransaction(4).then(({ rows }) => rows, String)
    client.release()
    expect([failed, answered]).toEqual(['error: division by zero', [{ n: 4, half: 3 }]])
  })

  it('never leave with those of another organization', async () => {
    const other = { ...SCOPE, organizationId: newId() }
    const scopes = [SCOPE, other, { kind: 'account' } as const]
    const answers = await Promise.all([...scopes, ...scopes].map((scope, n) => trips.ask(scope, PLACE, [`${n}`])))
    const places = rowsOf(answers).map(([row]) => row.place)
    expect(places.slice(0, 3)).toEqual([SCOPE.organizationId, other.organizationId, expect.stringMatching(/^0+-/)])
    expect(places.slice(3)).toEqual(places.slice(0, 3))
    expect(taken).toBe(6)
  })

  it('wait for none that does not share', async () => {
    const slow: Statement = { name: 'slow', text: 'SELECT pg_sleep(0.5), $1::int AS n' }
    const order: string[] = []
    await Promise.all([
      trips.ask(SCOPE, slow, [1]).then(() => order.push('slow')),
      half(1).then(() => order.push('first')),
      half(2).then(() => order.push('second')),
    ])
    expect(order.at(-1)).toBe('slow')
  })

  it('see what was committed before they were asked, while others that do not are under way', async () => {
    const counting: Statement = { name: 'counting', text: 'SELECT n FROM seen', sharesTrip: true }
    await pool.query('CREATE TABLE seen (n int); INSERT INTO seen VALUES (0)')
    for (let n = 1; n <= 50; n += 1) {
      const underWay = Promise.all([1, 2, 3].map(() => trips.ask(SCOPE, counting, [])))
      await pool.query('UPDATE seen SET n = $1', [n])
      expect((await trips.ask(SCOPE, counting, [])).rows).toEqual([{ n }])
      await underWay
    }
  })

  it('are all told when there is no connection, and work again when there is', async () => {
    const away = new SharedTrips({ take: () => Promise.reject(new Error('away')), giveBack: () => {} })
    const answers = await Promise.allSettled([1, 2, 3].map((n) => away.ask(SCOPE, HALF, [n])))
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    await expect(away.ask(SCOPE, HALF, [1])).rejects.toThrow('away')
  })

  it('are asked once more, alone, when the connection breaks under several', async () => {
    const slow: Statement = { name: 'slow-half', text: 'SELECT pg_sleep(0.3), $1::int AS n', sharesTrip: true }
    const asked = [1, 2, 3, 4, 5].map((n) => trips.ask(SCOPE, slow, [n]))
    await asked[0]
    await new Promise((resolve) => setTimeout(resolve, 150))
    await pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()",
    )
    expect(rowsOf(await Promise.all(asked)).map(([row]) => row.n)).toEqual([1, 2, 3, 4, 5])
    expect([taken, discarded]).toEqual([3 + 3, 1])
  })
})
