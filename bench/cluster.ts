import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Client, escapeLiteral } from 'pg'
import { migrate } from '../src/platform/database/migrate'
import { createDatabase, DATABASE_ROLES_SQL } from '../src/platform/database-roles'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres'
import { lockFolder } from '../src/platform/folder-lock'

/** A PostgreSQL of the benchmark's own; its seeded databases are kept between runs. */
export interface BenchCluster {
  readonly postmasterPid: number
  stop(): Promise<void>
  /**
   * A fresh copy of a seeded database, so that no run sees what another has written. The original is made, migrated and
   * seeded unless an earlier run has left one that still fits.
   */
  database(seed: Seed): Promise<BenchDatabase>
  /** URL of an empty database for another program, as superuser; what an earlier run left in it is gone. */
  emptyDatabase(name: string): Promise<string>
}

/** How to fill a migrated, empty database. */
export interface Seed {
  /** Of the database. */
  readonly name: string
  /** The compiled script that fills it: when it changes, the database is made anew. */
  readonly script: string
  /** As a superuser. */
  readonly fill: (client: Client) => Promise<void>
}

export interface BenchDatabase {
  /** What the product connects as. */
  readonly appUrl: string
  /** What the bare handler and the benchmark itself connect as. */
  readonly superuserUrl: string
}

// Commits do not wait for the disk: that wait would be the same for both contestants and hide what differs.
const SETTINGS = {
  shared_buffers: '2GB',
  synchronous_commit: 'off',
  max_wal_size: '8GB',
  maintenance_work_mem: '512MB',
  max_parallel_maintenance_workers: '0',
  jit: 'off',
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track_utility': 'off',
  max_connections: '60',
  // It would come in the middle of some rounds and not of others.
  autovacuum: 'off',
}

/** Every commit waits for the disk, and statistics follow tables that grow, as in production. */
export const DURABLE = { synchronous_commit: 'on', autovacuum: 'on' }

/** Starts the server in a folder, which is made when missing and held against a second run. */
export async function startBenchCluster(
  directory: string,
  settings: Record<string, string> = {},
): Promise<BenchCluster> {
  const lock = lockFolder(directory)
  const server = await startEmbeddedPostgres({
    directory,
    settings: { ...SETTINGS, ...settings },
    initFlags: ['--no-sync'],
  })
  await withClient(server.url('postgres', 'postgres'), (client) => client.query(DATABASE_ROLES_SQL))
  const copyOf = async (name: string): Promise<BenchDatabase> => {
    const copy = `${name}_copy`
    await withClient(server.url('postgres', 'postgres'), async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${copy}`)
      await client.query(`CREATE DATABASE ${copy} OWNER gatehouse_owner TEMPLATE ${name} STRATEGY FILE_COPY`)
    })
    const superuserUrl = server.url('postgres', copy)
    await withClient(superuserUrl, async (client) => {
      await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements')
      await client.query('CREATE EXTENSION IF NOT EXISTS pageinspect')
    })
    return { appUrl: server.url('gatehouse_app', copy), superuserUrl }
  }
  return {
    postmasterPid: server.pid,
    async stop() {
      await server.stop()
      lock.release()
    },
    async database({ name, script, fill }) {
      const postgresUrl = server.url('postgres', 'postgres')
      const fingerprint = fingerprintOf(script)
      if (!(await isSeeded(postgresUrl, name, fingerprint))) {
        await withClient(postgresUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name}`))
        await createDatabase(postgresUrl, name)
        await migrate(server.url('gatehouse_owner', name))
        await withClient(server.url('postgres', name), fill)
        await withClient(postgresUrl, (client) =>
          client.query(`COMMENT ON DATABASE ${name} IS ${escapeLiteral(fingerprint)}`),
        )
      }
      return copyOf(name)
    },
    async emptyDatabase(name) {
      await withClient(server.url('postgres', 'postgres'), async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name}`)
        await client.query(`CREATE DATABASE ${name}`)
      })
      return server.url('postgres', name)
    },
  }
}

/** Runs `work` on a connection of its own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function isSeeded(postgresUrl: string, name: string, fingerprint: string): Promise<boolean> {
  return withClient(postgresUrl, async (client) => {
    const { rows } = await client.query<{ comment: string | null }>(
      `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1`,
      [name],
    )
    return rows[0]?.comment === fingerprint
  })
}

/** Changes when the schema or the seed does. */
function fingerprintOf(script: string): string {
  const migrations = path.join(__dirname, '../src/platform/database/migrations')
  const files = readdirSync(migrations).filter((name) => name.endsWith('.js'))
  const hash = createHash('sha256')
    .update(readFileSync(script))
    .update(readFileSync(path.join(__dirname, 'seeding.js')))
  for (const name of files.sort()) hash.update(readFileSync(path.join(migrations, name)))
  return hash.digest('hex')
}
