import { Client, type QueryResult, type Submittable } from 'pg'
import { NamedQuery } from '../../src/platform/database/named-query'
import { createTestDatabase, type TestDatabase } from '../support/database'

const KINDS = `
SELECT n, n::text AS text, NULL::text AS nothing, n = 1 AS flag, n::numeric / 3 AS numeric, n::bigint AS bigint,
  ('00000000-0000-7000-8000-00000000000' || n)::uuid AS uuid, ARRAY[n, n + 1] AS numbers, ARRAY['a', NULL] AS texts,
  json_build_object('n', n) AS json, 'a"b'::varchar AS varchar, '\\x00ff'::bytea AS bytes, 1.5::float8 AS float,
  '2026-01-31T12:00:00.5Z'::timestamptz AS instant, '2026-01-31'::date AS date
FROM generate_series(1, $1::int) n`

describe('A named query', () => {
  let database: TestDatabase
  let client: Client
  let described: number

  beforeAll(async () => {
    database = await createTestDatabase()
    client = new Client({ connectionString: database.superuserUrl, pipeline: true } as never)
    await client.connect()
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
    connection.on('rowDescription', () => {
      described += 1
    })
  })
  beforeEach(() => {
    described = 0
  })
  afterAll(async () => {
    await client.end()
    await database.drop()
  })

  function ask(name: string, text: string, values: unknown[] = []): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      const query = new NamedQuery({ name, text }, values, (error, result) => (error ? reject(error) : resolve(result)))
      client.query(query as unknown as Submittable)
    })
  }

  it('answers the rows that pg answers, and asks once what their columns are', async () => {
    const { rows } = await client.query(KINDS, [3])
    described = 0
    for (const count of [3, 3, 0, 3])
      expect(await ask('kinds', KINDS, [count])).toMatchObject({
        command: 'SELECT',
        rowCount: count,
        rows: rows.slice(0, count),
      })
    expect(described).toBe(1)
  })

  it('keeps statements apart that are under way together', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        n % 2 ? ask('odd', 'SELECT $1::int AS odd', [n]) : ask('even', 'SELECT $1::text AS even', [n]),
      ),
    )
    expect(answers.map(({ rows }) => rows)).toEqual([[{ odd: 1 }], [{ even: '2' }], [{ odd: 3 }], [{ even: '4' }]])
  })

  it('goes on after an error, before and after its columns are known', async () => {
    for (let time = 0; time < 2; time += 1) {
      await expect(ask('quotient', 'SELECT 6 / $1::int AS quotient', [0])).rejects.toThrow('division by zero')
      expect((await ask('quotient', 'SELECT 6 / $1::int AS quotient', [3])).rows).toEqual([{ quotient: 2 }])
    }
    await expect(ask('missing', 'SELECT * FROM no_such_table')).rejects.toThrow('no_such_table')
  })

  it('tells how many rows a statement without columns has touched', async () => {
    await client.query('CREATE TEMPORARY TABLE touched (n integer)')
    for (const rowCount of [2, 3])
      expect(await ask('touch', 'INSERT INTO touched SELECT generate_series(1, $1::int)', [rowCount])).toMatchObject({
        command: 'INSERT',
        rowCount,
        rows: [],
      })
  })

  it('is refused by PostgreSQL when its columns have changed since', async () => {
    await client.query('CREATE TEMPORARY TABLE widening (a integer); INSERT INTO widening VALUES (1)')
    expect((await ask('all-of-it', 'SELECT * FROM widening')).rows).toEqual([{ a: 1 }])
    await client.query('ALTER TABLE widening ADD b integer')
    await expect(ask('all-of-it', 'SELECT * FROM widening')).rejects.toThrow('must not change result type')
  })
})
