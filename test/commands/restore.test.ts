import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { startDatabaseServer } from '../../src/platform/database-server'
import { buildOnce, runCommand, spawnGatehouse } from '../support/built-gatehouse'
import { eventually } from '../support/eventually'
import { openSuperuser } from '../support/superuser'

jest.setTimeout(180_000)

/** What a seed and a running server bring about, and what must not be taken for the end of a piece. */
const AWKWARD = `two lines;\n-- ${'0'.repeat(32)}\nCOMMIT;\r\n'; DROP TABLE users; --`

describe('npm run restore', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-restore-'))
  const place = (name: string) => path.join(folder, name)
  const command = (name: string, data: string, ...args: string[]) =>
    runCommand([`dist/src/commands/${name}.js`, ...args], { GATEHOUSE_DATA_DIR: place(data) })

  beforeAll(async () => {
    await buildOnce()
    await command('seed', 'old', '--json')
    await withDatabase('old', (rows) => rows('UPDATE organizations SET description = $1', [AWKWARD]))
    await sealed()
    expect(await command('backup', 'old', place('backup.sql'))).toMatchObject({ code: 0 })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** A server runs on the old folder until its audit log is chained to the end. */
  async function sealed(): Promise<void> {
    const server = await spawnGatehouse({ GATEHOUSE_DATA_DIR: place('old') })
    await server.ready()
    await eventually(
      'a chained audit log',
      async () => ((await command('verify-audit', 'old')).stdout.includes('not sealed') ? null : true),
      60,
    )
    server.process.kill('SIGTERM')
    await server.ended()
  }

  type Rows = <Row>(sql: string, values?: unknown[]) => Promise<Row[]>
  async function withDatabase<T>(data: string, work: (rows: Rows) => Promise<T>): Promise<T> {
    const server = await startDatabaseServer({ dataDirectory: place(data) })
    const superuser = await openSuperuser(server.superuserUrl!)
    try {
      return await work((sql, values) => superuser.rows(sql, values))
    } finally {
      await superuser.close()
      await server.stop()
    }
  }

  const rowCounts = (data: string) =>
    withDatabase(data, async (rows) => {
      const tables = await rows<{ name: string }>(
        `SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
      )
      const counts: Record<string, number> = {}
      for (const { name } of tables)
        counts[name] = (await rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${name}`))[0]!.n
      return counts
    })

  it('brings back every row and the whole audit chain in a new folder, and says how far it is', async () => {
    const run = await command('restore', 'new', place('backup.sql'))
    expect([run.code, run.stdout]).toEqual([0, ''])
    expect(run.stderr).toMatch(/^organizations +3 rows$/m)
    expect(run.stderr).toMatch(/^[\d,]+ rows restored into .+new\. Everybody signs in again\./m)
    const [before, after] = [await rowCounts('old'), await rowCounts('new')]
    expect(before.audit_events).toBeGreaterThan(10)
    // Half a sign-in is not worth keeping, and a backup ends them.
    expect(after).toEqual({ ...before, sign_in_attempts: 0, sign_in_codes: 0 })
    const [chain, copy] = [await command('verify-audit', 'old'), await command('verify-audit', 'new')]
    expect(chain.stdout).toMatch(/0 broken/)
    expect(copy).toEqual(chain)
    const descriptions = await withDatabase('new', (rows) => rows('SELECT DISTINCT description FROM organizations'))
    expect(descriptions).toEqual([{ description: AWKWARD }])
  })

  it('serves from the restored folder', async () => {
    const server = await spawnGatehouse({ GATEHOUSE_DATA_DIR: place('new') })
    try {
      await server.ready()
    } finally {
      server.process.kill('SIGTERM')
      await server.ended()
    }
  })

  it('refuses a database that is not empty, and says what to do', async () => {
    const before = await rowCounts('new')
    const run = await command('restore', 'new', place('backup.sql'))
    expect([run.code, run.stderr]).toEqual([1, expect.stringMatching(/not empty.+GATEHOUSE_DATA_DIR to a new folder/)])
    expect(await rowCounts('new')).toEqual(before)
  })

  it('refuses while a server runs on the folder', async () => {
    const server = await spawnGatehouse({ GATEHOUSE_DATA_DIR: place('busy') })
    try {
      await server.ready()
      const run = await command('restore', 'busy', place('backup.sql'))
      expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('Stop it first')])
    } finally {
      server.process.kill('SIGTERM')
      await server.ended()
    }
  })

  it('leaves nothing of a file without its end, of another file or of none, so that the whole one fits in later', async () => {
    const text = readFileSync(place('backup.sql'), 'utf8')
    const lastLine = text.lastIndexOf('COMMIT;\nANALYZE')
    writeFileSync(place('cut.sql'), text.slice(0, text.length / 2))
    writeFileSync(place('uncommitted.sql'), text.slice(0, lastLine))
    writeFileSync(place('other.sql'), 'SELECT 1;\n')
    writeFileSync(place('empty.sql'), '')
    for (const [file, reason] of [
      ['cut.sql', /Nothing was restored: .*not complete/],
      ['uncommitted.sql', /Nothing was restored: .*not complete/],
      ['other.sql', /Nothing was restored: .*not written by npm run backup/],
      ['empty.sql', /Nothing was restored: .*not written by npm run backup/],
      ['missing.sql', /Nothing was restored: .*no such file/],
    ] as const) {
      const run = await command('restore', 'later', place(file))
      expect([file, run.code, run.stderr]).toEqual([file, 1, expect.stringMatching(reason)])
      expect(await rowCounts('later')).toEqual({})
    }
    writeFileSync(place('backup.sql.gz'), gzipSync(text))
    expect(await command('restore', 'later', place('backup.sql.gz'))).toMatchObject({ code: 0 })
    expect(await rowCounts('later')).toMatchObject({ organizations: 3 })
  })

  it('wants a file, and an embedded database', async () => {
    const [none, external] = [
      await command('restore', 'unused'),
      await runCommand(['dist/src/commands/restore.js', place('backup.sql')], {
        DATABASE_URL: 'postgres://gatehouse_app@127.0.0.1:1/gatehouse',
      }),
    ]
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('npm run restore -- gatehouse.sql')])
    expect([external.code, external.stderr]).toEqual([1, expect.stringContaining('psql')])
    expect(existsSync(place('unused'))).toBe(false)
  })
})
