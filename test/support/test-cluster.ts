import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { migrate } from '../../src/platform/database/migrate'
import { createDatabase, DATABASE_ROLES_SQL } from '../../src/platform/database-roles'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres'
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

/** Starts a server in memory where there is such a folder, and fills it with the roles and the migrated template. */
export async function startTestCluster(): Promise<TestCluster> {
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  removeLeftovers(parent)
  const directory = mkdtempSync(path.join(parent, `${FOLDER_PREFIX}${process.pid}-`))
  const server = await startEmbeddedPostgres({ directory, settings: THROW_AWAY_SETTINGS, initFlags: ['--no-sync'] })
  const remove = async (): Promise<void> => {
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    await prepareTemplate(server)
  } catch (error) {
    await remove()
    throw error
  }
  return { urlPattern: server.url('__role__', '__database__'), remove }
}

async function prepareTemplate(server: EmbeddedPostgres): Promise<void> {
  const superuserUrl = server.url('postgres', 'postgres')
  const client = new Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    await client.query(DATABASE_ROLES_SQL)
    await createDatabase(superuserUrl, TEMPLATE_DATABASE)
    await migrate(server.url('gatehouse_owner', TEMPLATE_DATABASE))
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
