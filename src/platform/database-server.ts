import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Config } from './config'
import { APP_ROLE, createDatabase, DATABASE_ROLES_SQL, OWNER_ROLE } from './database-roles'
import { type EmbeddedPostgres, joinEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres'
import { FolderHeldError, type FolderLock, lockFolder } from './folder-lock'

/** The PostgreSQL this installation works on, and how each of its roles reaches it. */
export interface DatabaseServer {
  readonly kind: 'embedded' | 'external'
  /** One line for people, without a password. */
  readonly description: string
  readonly appUrl: string
  /** Null when an external database was given without GATEHOUSE_MIGRATION_DATABASE_URL. */
  readonly ownerUrl: string | null
  /** Sees all rows; the embedded database only. */
  readonly superuserUrl: string | null
  /** True when the embedded server was left running by a process that was killed. */
  readonly adopted: boolean
  /** Stops what this process started, and nothing else. */
  stop(): Promise<void>
}

type DatabaseConfig = Pick<Config, 'databaseUrl' | 'migrationDatabaseUrl' | 'dataDirectory'>

const DATABASE = 'gatehouse'
const OLDEST_MAJOR = 15
const NEWEST_MAJOR = 18
/** How long the server that holds the folder may take to start its database before a command gives up. */
const JOIN_WITHIN_MILLISECONDS = 30_000

/**
 * Makes the database of a serving process reachable: the external one, or the embedded one, started if need be.
 *
 * @throws Error  another process serves the same folder; PostgreSQL is unreachable or of a version outside 15..18
 */
export async function startDatabaseServer(config: DatabaseConfig): Promise<DatabaseServer> {
  if (config.databaseUrl) return externalServer(config, config.databaseUrl)
  return startEmbedded(config, takeFolder(config))
}

/** Like `startDatabaseServer`, for a command: joins the database of a server that is running on the same folder. */
export async function reachDatabaseServer(config: DatabaseConfig): Promise<DatabaseServer> {
  if (config.databaseUrl) return externalServer(config, config.databaseUrl)
  const deadline = Date.now() + JOIN_WITHIN_MILLISECONDS
  for (;;) {
    try {
      return await startEmbedded(config, takeFolder(config))
    } catch (error) {
      if (!(error instanceof FolderHeldError)) throw error
      const joined = await joinEmbedded(config)
      if (joined) return joined
      if (Date.now() > deadline) throw error
    }
    await sleep(200)
  }
}

function takeFolder({ dataDirectory }: DatabaseConfig): FolderLock {
  // Passable, not readable: PostgreSQL may have to run as another account, and its own folder lies below.
  mkdirSync(dataDirectory, { recursive: true, mode: 0o711 })
  return lockFolder(dataDirectory)
}

async function startEmbedded(config: DatabaseConfig, lock: FolderLock): Promise<DatabaseServer> {
  try {
    const postgres = await startEmbeddedPostgres({ directory: postgresFolder(config) })
    const stop = async (): Promise<void> => {
      await postgres.stop()
      lock.release()
    }
    try {
      await prepareEmbedded(postgres)
    } catch (error) {
      await stop()
      throw error
    }
    return embeddedServer(config, postgres, stop)
  } catch (error) {
    lock.release()
    throw error
  }
}

async function joinEmbedded(config: DatabaseConfig): Promise<DatabaseServer | null> {
  const postgres = await joinEmbeddedPostgres(postgresFolder(config))
  if (!postgres || !(await hasDatabase(postgres))) return null
  return embeddedServer(config, postgres, async () => {})
}

async function prepareEmbedded(postgres: EmbeddedPostgres): Promise<void> {
  const superuserUrl = postgres.url('postgres', 'postgres')
  await withClient(superuserUrl, (client) => client.query(DATABASE_ROLES_SQL))
  await createDatabase(superuserUrl, DATABASE)
}

function hasDatabase(postgres: EmbeddedPostgres): Promise<boolean> {
  return withClient(postgres.url(OWNER_ROLE, DATABASE), async () => true).catch(() => false)
}

function embeddedServer(config: DatabaseConfig, postgres: EmbeddedPostgres, stop: () => Promise<void>): DatabaseServer {
  return {
    kind: 'embedded',
    description: `embedded PostgreSQL, data in ${path.resolve(config.dataDirectory)}`,
    appUrl: postgres.url(APP_ROLE, DATABASE),
    ownerUrl: postgres.url(OWNER_ROLE, DATABASE),
    superuserUrl: postgres.url('postgres', DATABASE),
    adopted: postgres.adopted,
    stop,
  }
}

async function externalServer(config: DatabaseConfig, appUrl: string): Promise<DatabaseServer> {
  const major = await serverMajor(appUrl)
  if (major < OLDEST_MAJOR || major > NEWEST_MAJOR) {
    throw new Error(
      `DATABASE_URL leads to PostgreSQL ${major}; Gatehouse works with ${OLDEST_MAJOR} to ${NEWEST_MAJOR}.`,
    )
  }
  return {
    kind: 'external',
    description: `PostgreSQL ${major} at ${placeOf(appUrl)}`,
    appUrl,
    ownerUrl: config.migrationDatabaseUrl ?? null,
    superuserUrl: null,
    adopted: false,
    stop: async () => {},
  }
}

async function serverMajor(url: string): Promise<number> {
  try {
    return await withClient(url, async (client) => {
      const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num')
      return Math.floor(Number(rows[0]?.server_version_num) / 10_000)
    })
  } catch (cause) {
    const reason = cause instanceof AggregateError ? cause.errors.map(String).join('; ') : (cause as Error).message
    throw new Error(`The PostgreSQL of DATABASE_URL (${placeOf(url)}) cannot be used: ${reason}`, { cause })
  }
}

/** Host, port and database of a URL: what may be shown. */
function placeOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url)
  return `${decodeURIComponent(host) || searchParams.get('host')}${pathname}`
}

function postgresFolder({ dataDirectory }: DatabaseConfig): string {
  return path.join(dataDirectory, 'postgres')
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
