import { Client, type QueryResult } from 'pg'
import { NamedQuery } from '../../src/platform/database/named-query'
import { askTogether, sendGathered } from '../../src/platform/database/one-packet'
import type { Statement } from '../../src/platform/database/statement'
import { createTestDatabase, type TestDatabase } from '../support/database'

const HALF = { name: 'half', text: 'SELECT 12 / $1::int AS half' }

describe('Statements that are asked in one turn', () => {
  let database: TestDatabase
  let client: Client
  let answers: number

  beforeAll(async () => {
    database = await createTestDatabase()
  })
  beforeEach(async () => {
    client = new Client({ connectionString: database.superuserUrl, pipeline: true } as never)
    await client.connect()
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
    answers = 0
    connection.on('readyForQuery', () => {
      answers += 1
    })
    await client.query('CREATE TEMPORARY TABLE notes (id int PRIMARY KEY)')
    answers = 0
  })
  afterEach(() => client.end())
  afterAll(() => database.drop())

  function ask(statement: Statement, ...values: unknown[]): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      askTogether(
        client,
        new NamedQuery(statement, values, (error, result) => (error ? reject(error) : resolve(result))),
      )
    })
  }
  const half = (n: unknown) => ask(HALF, n)
  const direct = (text: string) => {
    sendGathered(client)
    return client.query(text)
  }

  /** Rows of those that were answered, and what the others were told. */
  async function outcomes(asked: readonly Promise<QueryResult>[]): Promise<unknown[]> {
    const settled = await Promise.allSettled(asked)
    return settled.map((one) => (one.status === 'fulfilled' ? one.value.rows : (one.reason.code ?? String(one.reason))))
  }

  it('are answered together, each what it asked, also when one text is new and asked twice', async () => {
    const none = { name: 'none', text: 'SELECT 1 AS one WHERE $1::int > 5' }
    const asked = [half(1), ask(none, 3), half(2), ask(none, 7), ask({ name: '', text: "SELECT 'x' AS letter" })]
    expect(await outcomes(asked)).toEqual([[{ half: 12 }], [], [{ half: 6 }], [{ one: 1 }], [{ letter: 'x' }]])
    expect(answers).toBe(1)
    expect(await outcomes([half(3), ask(none, 9)])).toEqual([[{ half: 4 }], [{ one: 1 }]])
    expect(answers).toBe(2)
  })

  it('each see what those before them have written', async () => {
    await direct('BEGIN')
    const note = { name: 'note', text: 'INSERT INTO notes VALUES ($1)' }
    const count = { name: 'count', text: 'SELECT count(*)::int AS n FROM notes' }
    const asked = [ask(note, 1), ask(count), ask(note, 2), ask(count)]
    expect(await outcomes(asked)).toEqual([[], [{ n: 1 }], [], [{ n: 2 }]])
    await direct('ROLLBACK')
  })

  it('stay in order with what is said directly', async () => {
    const begun = direct('BEGIN')
    const first = half(1)
    const changed = direct("SET LOCAL application_name TO 'other'")
    const second = ask({ name: 'name', text: "SELECT current_setting('application_name') AS name" })
    const ended = direct('COMMIT')
    expect(await outcomes([first, second])).toEqual([[{ half: 12 }], [{ name: 'other' }]])
    expect((await Promise.all([begun, changed, ended])).map(({ command }) => command)).toEqual([
      'BEGIN',
      'SET',
      'COMMIT',
    ])
  })

  it('behind one that failed fail too, and those before it are answered', async () => {
    await direct('BEGIN')
    expect(await outcomes([half(4), half(0), half(6), half(12)])).toEqual([[{ half: 3 }], '22012', '25P02', '25P02'])
    expect((await direct('COMMIT')).command).toBe('ROLLBACK')
  })

  it.each([
    ['failed when it was run', () => half(0)],
    ['failed when its value was read', () => half('nonsense')],
    ['failed when it was prepared', () => ask({ name: 'half', text: 'SELECT 1 / nothing' }, 1)],
    ['stood behind one that failed', () => Promise.all([ask({ name: 'x', text: 'SELECT 1 / 0' }), half(1)])],
  ])('can be asked again on the same connection after it %s', async (_, fail) => {
    await expect(fail()).rejects.toThrow(/./)
    expect(await outcomes([half(2), half(3)])).toEqual([[{ half: 6 }], [{ half: 4 }]])
    await expect(half(0)).rejects.toMatchObject({ code: '22012' })
    expect(await outcomes([half(6)])).toEqual([[{ half: 2 }]])
  })

  it('leave without the one whose values cannot be written, which is told so', async () => {
    const circular: Record<string, unknown> = {}
    circular.self = circular
    expect(await outcomes([half(2), half(circular), half(3)])).toEqual([
      [{ half: 6 }],
      expect.stringContaining('circular'),
      [{ half: 4 }],
    ])
  })

  describe('and can be run as one', () => {
    const DIVIDE: Statement = {
      name: 'divide',
      text: 'SELECT $1::int / $2::int AS quotient WHERE $2::int < 10',
      many: {
        name: 'divide-many',
        lists: [1],
        text: 'SELECT asked.n::int AS n, $1::int / asked.by AS quotient FROM unnest($2::int[]) WITH ORDINALITY AS asked(by, n) WHERE asked.by < 10',
      },
    }
    const divide = (dividend: unknown, by: number) => ask(DIVIDE, dividend, by)
    let run: number
    beforeEach(() => {
      run = 0
      const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
      connection.on('commandComplete', () => {
        run += 1
      })
    })

    it('are, and each is answered its own rows', async () => {
      expect(await outcomes([divide(12, 2), divide(12, 30), half(1), divide(12, 4), divide(12, 2)])).toEqual([
        [{ quotient: 6 }],
        [],
        [{ half: 12 }],
        [{ quotient: 3 }],
        [{ quotient: 6 }],
      ])
      expect(run).toBe(2)
    })

    it('are not where they differ in something else, and one alone runs as itself', async () => {
      const asked = [divide(12, 2), divide(24, 2), divide(24, 3)]
      expect(await outcomes(asked)).toEqual([6, 12, 8].map((quotient) => [{ quotient }]))
      expect(run).toBe(2)
    })

    it('are where bytes are equal, and not where they differ', async () => {
      const count: Statement = {
        name: 'length',
        text: 'SELECT length($1::bytea) + $2::int AS sum',
        many: {
          name: 'length-many',
          lists: [1],
          text: 'SELECT asked.n::int AS n, length($1::bytea) + asked.more AS sum FROM unnest($2::int[]) WITH ORDINALITY AS asked(more, n)',
        },
      }
      const asked = ['abc', 'abc', 'abcd'].map((bytes, more) => ask(count, Buffer.from(bytes), more))
      expect(await outcomes(asked)).toEqual([[{ sum: 3 }], [{ sum: 4 }], [{ sum: 6 }]])
      expect(run).toBe(2)
    })

    it('are all told when their values cannot be written, and the others are answered', async () => {
      const circular: Record<string, unknown> = {}
      circular.self = circular
      const refused = [divide(12, 2), divide(12, circular as never), half(3)]
      expect(await outcomes(refused)).toEqual([
        expect.stringContaining('circular'),
        expect.stringContaining('circular'),
        [{ half: 4 }],
      ])
      expect(await outcomes([divide(12, 2), divide(12, 3)])).toEqual([[{ quotient: 6 }], [{ quotient: 4 }]])
    })

    it('are all told when it fails', async () => {
      expect(await outcomes([divide(12, 2), divide(12, 0), half(1)])).toEqual(['22012', '22012', '25P02'])
      expect(await outcomes([divide(12, 2), divide(12, 3)])).toEqual([[{ quotient: 6 }], [{ quotient: 4 }]])
    })
  })

  it('are all told when the connection breaks', async () => {
    client.on('error', () => {})
    const broken = [half(2), ask({ name: 'end', text: 'SELECT pg_terminate_backend(pg_backend_pid())' }), half(3)]
    const [first, ...others] = await outcomes(broken)
    expect([first === '57P01' || Array.isArray(first), others]).toEqual([
      true,
      [expect.any(String), expect.any(String)],
    ])
    await expect(half(1)).rejects.toThrow(/./)
  })
})
