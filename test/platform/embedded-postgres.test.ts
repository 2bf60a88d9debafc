import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { DataSource } from 'typeorm'
import { createDatabase, DATABASE_ROLES_SQL } from '../../src/platform/database-roles'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres'
import { runsPostmaster } from '../../src/platform/embedded-postgres/postmaster'
import { createTestDatabase, type TestDatabase } from '../support/database'

const repository = path.resolve(__dirname, '../..')
let folder: string
let server: EmbeddedPostgres | undefined

const start = async (directory = folder): Promise<EmbeddedPostgres> => {
  server = await startEmbeddedPostgres({ directory, settings: { fsync: 'off' }, initFlags: ['--no-sync'] })
  return server
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  // A server that is killed ends the connection; the query itself rejects.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[]
  } finally {
    await client.end()
  }
}

const asSuperuser = (sql: string): Promise<Record<string, unknown>[]> =>
  query(server?.url('postgres', 'postgres') ?? '', sql)

/** Starts the server from a Node process of its own and resolves when that process has said which one it started. */
async function startInChild(directory: string): Promise<{ child: ChildProcess; pid: number }> {
  const script = `
    const { startEmbeddedPostgres } = require('./src/platform/embedded-postgres')
    startEmbeddedPostgres({ directory: process.argv[1], settings: { fsync: 'off' } })
      .then((server) => process.send(server.pid))
    setInterval(() => undefined, 1000)`
  const preload = path.join(repository, 'test/support/load-typescript.cjs')
  const child = spawn(process.execPath, ['-r', preload, '-e', script, directory], {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [pid] = (await once(child, 'message')) as [number]
  return { child, pid }
}

beforeAll(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'gatehouse-embedded-')), 'Data of #1 (50 %)')
})
afterEach(() => server?.stop())
afterAll(() => rmSync(path.dirname(folder), { recursive: true, force: true }))

describe('the embedded PostgreSQL', () => {
  it('makes a database on its first start and listens on a private socket only', async () => {
    await start()
    expect(server?.adopted).toBe(false)
    expect(await asSuperuser('SHOW listen_addresses')).toEqual([{ listen_addresses: '' }])
    expect(statSync(path.join(folder, 'run')).mode & 0o777).toBe(0o700)
    expect(await asSuperuser(`SELECT datcollate, datlocale FROM pg_database WHERE datname = 'postgres'`)).toEqual([
      { datcollate: 'C', datlocale: 'C.UTF-8' },
    ])
    await asSuperuser('CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)')
  })

  it('keeps its rows over a restart', async () => {
    await start()
    expect(server?.adopted).toBe(false)
    expect(await asSuperuser('SELECT id FROM kept')).toEqual([{ id: 1 }])
  })

  it('gives URLs that TypeORM understands as well', async () => {
    await start()
    const source = new DataSource({ type: 'postgres', url: server?.url('postgres', 'postgres') })
    await source.initialize()
    expect(await source.query('SELECT id FROM kept')).toEqual([{ id: 1 }])
    await source.destroy()
  })

  it('recovers when its postmaster was killed in the middle of work', async () => {
    const { pid } = await start()
    await asSuperuser('INSERT INTO kept VALUES (2)')
    const sleeping = asSuperuser('SELECT pg_sleep(30)').catch(() => 'cut off')
    process.kill(pid, 'SIGKILL')
    await start()
    expect(await sleeping).toBe('cut off')
    expect(server?.adopted).toBe(false)
    expect(await asSuperuser('SELECT id FROM kept ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }])
  })

  it('adopts the server that outlived the process which started it', async () => {
    const { child, pid } = await startInChild(folder)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await start()
    expect(server).toMatchObject({ adopted: true, pid })
    expect(await asSuperuser('SELECT count(*)::int AS count FROM kept')).toEqual([{ count: 2 }])
    await server?.stop()
    expect(runsPostmaster(pid, path.join(folder, 'data'))).toBe(false)
  })

  it('is not held up by a lock file whose number belongs to another process now', async () => {
    writeFileSync(path.join(folder, 'data/postmaster.pid'), `${process.ppid}\n${path.join(folder, 'data')}\n`)
    await start()
    expect(server?.adopted).toBe(false)
  })

  it('is not held up by the lock file of a socket whose number belongs to another process now', async () => {
    writeFileSync(path.join(folder, 'run/.s.PGSQL.5432.lock'), `${process.ppid}\n${path.join(folder, 'data')}\n`)
    await start()
    expect(server?.adopted).toBe(false)
  })

  it('starts again where an earlier first start was interrupted', async () => {
    const half = path.join(folder, '../interrupted')
    mkdirSync(path.join(half, 'data.new'), { recursive: true })
    writeFileSync(path.join(half, 'data.new/PG_VERSION'), '18\n')
    await start(half)
    expect(await asSuperuser('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('works below a path that is too long for a socket', async () => {
    await start(path.join(folder, '../deep', 'd'.repeat(120)))
    expect(await asSuperuser('SELECT 1 AS one')).toEqual([{ one: 1 }])
    const socketFolder = decodeURIComponent(new URL(server?.url('postgres', 'postgres') ?? '').hostname)
    expect(statSync(socketFolder).mode & 0o777).toBe(0o700)
    await server?.stop()
    rmSync(socketFolder, { recursive: true })
  })

  it('refuses the data of another major version and tells the way out', async () => {
    const file = path.join(folder, 'data/PG_VERSION')
    const version = readFileSync(file)
    writeFileSync(file, '17\n')
    await expect(start()).rejects.toThrow(/made by PostgreSQL 17.*npm run backup.*restore/)
    writeFileSync(file, version)
  })

  it('shows the log of a server that does not start', async () => {
    const settings = { no_such_setting: 'on' }
    await expect(startEmbeddedPostgres({ directory: folder, settings })).rejects.toThrow(/no_such_setting/)
  })
})

describe('the database roles', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  it('are bound by row-level security, and only the operator cannot log in', async () => {
    const roles = await query(
      database.superuserUrl,
      `SELECT rolname, rolcanlogin, rolinherit, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb AS mighty
       FROM pg_roles WHERE rolname LIKE 'gatehouse%' ORDER BY rolname`,
    )
    expect(roles).toEqual([
      { rolname: 'gatehouse_app', rolcanlogin: true, rolinherit: false, mighty: false },
      { rolname: 'gatehouse_operator', rolcanlogin: false, rolinherit: true, mighty: false },
      { rolname: 'gatehouse_owner', rolcanlogin: true, rolinherit: true, mighty: false },
    ])
  })

  it('are made harmless again when somebody gave them more', async () => {
    await start()
    const excess = 'CREATE ROLE gatehouse_app SUPERUSER BYPASSRLS LOGIN; CREATE ROLE gatehouse_owner LOGIN CREATEROLE;'
    await asSuperuser(excess + DATABASE_ROLES_SQL + DATABASE_ROLES_SQL)
    expect(
      await asSuperuser(
        `SELECT FROM pg_roles WHERE rolname LIKE 'gatehouse%' AND (rolsuper OR rolbypassrls OR rolcreaterole)`,
      ),
    ).toEqual([])
  })

  it('let the application reach the operator by name and nobody else', async () => {
    const asApp = (sql: string): Promise<unknown> => query(database.appUrl, sql)
    await expect(asApp('SET ROLE gatehouse_operator')).resolves.toEqual([])
    await expect(asApp('SET ROLE gatehouse_owner')).rejects.toMatchObject({ code: '42501' })
    await expect(asApp('SET ROLE postgres')).rejects.toMatchObject({ code: '42501' })
    expect(await asApp(`SELECT pg_has_role('gatehouse_operator', 'USAGE') AS inherited`)).toEqual([
      { inherited: false },
    ])
  })

  it('let the application make nothing of its own', async () => {
    const forbidden = ['CREATE TABLE x ()', 'CREATE TEMP TABLE x ()', 'CREATE SCHEMA x', 'CREATE EXTENSION hstore']
    for (const sql of forbidden) {
      await expect(query(database.appUrl, sql)).rejects.toMatchObject({ code: '42501' })
    }
    await query(database.ownerUrl, 'CREATE TABLE owned ()')
    await expect(query(database.appUrl, 'SELECT FROM owned')).rejects.toMatchObject({ code: '42501' })
  })

  it('get a database once, whatever its name', async () => {
    await start()
    const url = server?.url('postgres', 'postgres') ?? ''
    await query(url, DATABASE_ROLES_SQL)
    await createDatabase(url, 'Two "words"')
    await createDatabase(url, 'Two "words"')
    expect(await query(server?.url('gatehouse_app', 'Two "words"') ?? '', 'SELECT current_user')).toEqual([
      { current_user: 'gatehouse_app' },
    ])
  })
})
