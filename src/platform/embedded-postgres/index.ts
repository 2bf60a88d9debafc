import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, realpathSync, renameSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cluster, POSTGRES_ENVIRONMENT, prepareCluster } from './cluster'
import { findPostmaster, removeStaleSocketLock, runsPostmaster, stopPostmaster, waitUntilReady } from './postmaster'

/** A PostgreSQL server of our own, reachable over a Unix socket that only its account may open; no TCP, no password. */
export interface EmbeddedPostgres {
  /** URL for `pg` and TypeORM. The role `postgres` is the superuser. */
  url(role: string, database: string): string
  pid: number
  /** True when the server was already running, left behind or in use by another process. */
  adopted: boolean
  /** Ends all sessions and the server; resolves when it is gone. May be called again. */
  stop(): Promise<void>
}

/** What to start. */
export interface EmbeddedPostgresOptions {
  /** Holds `data`, the log and as a rule the socket; made when missing. */
  directory: string
  /** Server settings by name, e.g. `{ max_connections: '200' }`; a server that is adopted keeps the ones it has. */
  settings?: Record<string, string>
  /** More options for initdb on the first start. */
  initFlags?: string[]
}

const LOG_FILE = 'postgres.log'
const ORPHANS_GONE_WITHIN_MILLISECONDS = 15_000

/**
 * Starts the PostgreSQL that comes with the npm packages on a folder, making the database on first use, and resolves
 * when it takes connections. A server that survived the death of its parent is adopted. It has a process group of its
 * own and outlives this process unless `stop` is called.
 *
 * Two callers on one folder share one server, and the first to stop it stops it for both: hold `lockFolder` first.
 *
 * @throws Error  with the end of the server's log when it does not start, and for each hindrance that has a way out:
 *                platform without binaries, root without another account, folder of another major version
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = prepareCluster(options.directory, options.initFlags ?? [])
  const adopted = await adoptServer(cluster)
  if (adopted) return adopted
  const deadline = Date.now() + ORPHANS_GONE_WITHIN_MILLISECONDS
  for (;;) {
    const started = await launchServer(cluster, options.settings ?? {})
    if (started) return started
    // The backends of a killed postmaster notice its death one by one; until the last is gone PostgreSQL refuses.
    const log = readLogEnd(cluster)
    if (!log.includes('pre-existing shared memory block') || Date.now() > deadline) {
      throw new Error(`The embedded PostgreSQL in ${cluster.root} did not start:\n${log}`)
    }
    await sleep(200)
  }
}

/**
 * Finds the server that another process runs on this folder, for working beside it; never starts one. Whoever joins
 * does not `stop` it.
 *
 * @returns  null when none runs
 */
export async function joinEmbeddedPostgres(directory: string): Promise<EmbeddedPostgres | null> {
  if (!existsSync(directory)) return null
  return adoptServer({ data: path.join(realpathSync(directory), 'data') })
}

/** A server that ends while one waits for it (it was shutting down) is no longer there to adopt. */
async function adoptServer({ data }: Pick<Cluster, 'data'>): Promise<EmbeddedPostgres | null> {
  const postmaster = findPostmaster(data)
  if (!postmaster) return null
  const server = serverOf(data, { ...postmaster, adopted: true })
  const ready = await waitUntilReady(server.url('postgres', 'postgres'), () => runsPostmaster(postmaster.pid, data))
  return ready ? server : null
}

async function launchServer(cluster: Cluster, settings: Record<string, string>): Promise<EmbeddedPostgres | null> {
  removeStaleSocketLock(cluster.socketFolder, cluster.data)
  const child = spawnServer(cluster, settings)
  const spawned = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true))
    child.once('error', () => resolve(false))
  })
  if (!spawned || child.pid === undefined) return null
  const { data, socketFolder } = cluster
  const server = serverOf(data, { pid: child.pid, socketFolder, adopted: false })
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  const ready = await waitUntilReady(server.url('postgres', 'postgres'), isRunning)
  child.unref()
  return ready ? server : null
}

function spawnServer({ root, data, socketFolder, binaries, launch }: Cluster, settings: object): ChildProcess {
  const logFile = path.join(root, LOG_FILE)
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`)
  const log = openSync(logFile, 'w', 0o600)
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [program, ...command] = [...launch.prefix, binaries.postgres, '-D', data, '-k', socketFolder, '-h', '']
  const child = spawn(program, [...command, ...flags], {
    ...launch.account,
    env: POSTGRES_ENVIRONMENT,
    cwd: '/',
    stdio: ['ignore', log, log],
    // Ctrl-C reaches the whole process group: the HTTP server must drain before its database stops.
    detached: true,
  })
  closeSync(log)
  return child
}

function serverOf(data: string, server: { pid: number; socketFolder: string; adopted: boolean }): EmbeddedPostgres {
  const host = encodeURIComponent(server.socketFolder)
  return {
    url: (role, database) => `postgres://${encodeURIComponent(role)}@${host}/${encodeURIComponent(database)}`,
    pid: server.pid,
    adopted: server.adopted,
    stop: () => stopPostmaster(server.pid, data),
  }
}

function readLogEnd({ root }: Cluster): string {
  return readFileSync(path.join(root, LOG_FILE), 'utf8').slice(-4000)
}
