import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { migrate } from '../../src/platform/database/migrate'
import { createDatabase, DATABASE_ROLES_SQL } from '../../src/platform/database-roles'
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres'
import { processIdentity } from '../../src/platform/running-process'

/** One throw-away PostgreSQL for a whole jest run. */
export interface TestCluster {
  /** `url` of the server with `__role__` and `__database__` in their places. */
  urlPattern: string
  /** Stops the server and removes its folder. */
  remove(): Promise<void>
}

/** The migrated database that every test file copies. */
export const TEMPLATE_DATABASE = 'template_gatehouse'

const FOLDER_PREFIX = 'gatehouse-test-'
/** Nothing of it needs to survive: with these a copy of the template costs a tenth of a second. */
const THROW_AWAY_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: '200',
  shared_buffers: '64MB',
}

/**
 * Starts a server in memory where there is such a folder, and fills it with the roles and the migrated template. With
 * TEST_POSTGRES_URL (a superuser's, on a server that trusts every local role) that server is used instead: this is how
 * the tests run on PostgreSQL 15.
 */
export async function startTestCluster(): Promise<TestCluster> {
  if (process.env.TEST_POSTGRES_URL) return useServer(process.env.TEST_POSTGRES_URL)
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  removeLeftovers(parent)
  const directory = mkdtempSync(path.join(parent, `${FOLDER_PREFIX}${process.pid}-`))
  const server = await startEmbeddedPostgres({ directory, settings: THROW_AWAY_SETTINGS, initFlags: ['--no-sync'] })
  const remove = async (): Promise<void> => {
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    await prepareTemplate((role, database) => server.url(role, database))
  } catch (error) {
    await remove()
    throw error
  }
  return { urlPattern: server.url('__role__', '__database__'), remove }
}

async function useServer(superuserUrl: string): Promise<TestCluster> {
  const urlPattern = superuserUrl.replace(/\/\/[^@]*@/, '//__role__@').replace(/\/[^/]*$/, '/__database__')
  const dropTemplate = async (): Promise<void> => {
    const client = new Client({ connectionString: superuserUrl })
    await client.connect()
    await client.query(
      `UPDATE pg_database SET datistemplate = false, datallowconn = true WHERE datname = '${TEMPLATE_DATABASE}'`,
    )
    await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE_DATABASE} WITH (FORCE)`)
    await client.end()
  }
  await dropTemplate()
  await prepareTemplate((role, database) => urlPattern.replace('__role__', role).replace('__database__', database))
  return { urlPattern, remove: dropTemplate }
}

async function prepareTemplate(urlOf: (role: string, database: string) => string): Promise<void> {
  const superuserUrl = urlOf('postgres', 'postgres')
  const client = new Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    await client.query(DATABASE_ROLES_SQL)
    await createDatabase(superuserUrl, TEMPLATE_DATABASE)
    await migrate(urlOf('gatehouse_owner', TEMPLATE_DATABASE))
    await client.query(`ALTER DATABASE ${TEMPLATE_DATABASE} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true`)
  } finally {
    await client.end()
  }
}

/** A run that was killed leaves its folder; a server that still runs in it ends within a minute of losing it. */
function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const owner = new RegExp(`^${FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1]
    const folder = path.join(parent, name)
    if (!owner || processIdentity(Number(owner)) !== null) continue
    const mine = statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.()
    if (mine) rmSync(folder, { recursive: true, force: true })
  }
}
