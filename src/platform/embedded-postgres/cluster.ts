import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Binaries, findBinaries } from './binaries'
import { makeSocketFolder } from './socket-folder'
import { chooseLaunch, type Launch } from './unprivileged-launch'

/** A data folder that is ready to be started. */
export interface Cluster {
  /** Real path of the folder that holds everything of this database. */
  root: string
  data: string
  socketFolder: string
  binaries: Binaries
  launch: Launch
}

/** Nothing of the caller's environment reaches PostgreSQL, whose tools read PGDATA, PGPORT and their like. */
export const POSTGRES_ENVIRONMENT = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' }

/**
 * Makes a data folder on first use and checks an existing one against the programs.
 *
 * @throws Error  when the programs do not run, or the folder was made by another major version of PostgreSQL
 */
export function prepareCluster(directory: string, initFlags: string[]): Cluster {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const root = realpathSync(directory)
  const data = path.join(root, 'data')
  const binaries = findBinaries()
  const launch = chooseLaunch(data)
  handOver(root, data, launch)
  checkMajorVersion(data, readMajorVersion(binaries, launch))
  const cluster = { root, data, socketFolder: makeSocketFolder(root, launch), binaries, launch }
  if (!existsSync(data)) initialize(cluster, initFlags)
  return cluster
}

function handOver(root: string, data: string, { account }: Launch): void {
  if (!account) return
  chownSync(root, account.uid, account.gid)
  // Made by root in a user namespace, now on a machine that forbids those.
  const owner = statSync(data, { throwIfNoEntry: false })
  if (owner && owner.uid !== account.uid) spawnSync('chown', ['-R', `${account.uid}:${account.gid}`, data])
}

function readMajorVersion(binaries: Binaries, launch: Launch): string {
  const run = runPostgresTool(launch, [binaries.postgres, '--version'])
  const major = /\(PostgreSQL\) (\d+)/.exec(run.output)?.[1]
  if (run.ok && major) return major
  throw new Error(
    'The embedded PostgreSQL does not run here (it needs glibc, and an account that may read node_modules); ' +
      `set DATABASE_URL to a PostgreSQL of your own.\n${run.output}`,
  )
}

function checkMajorVersion(data: string, major: string): void {
  if (!existsSync(data)) return
  const found = readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim()
  if (found === major) return
  throw new Error(
    `The database in ${data} was made by PostgreSQL ${found}; this version of Gatehouse brings PostgreSQL ${major}. ` +
      'Go back to the version of Gatehouse used before, run `npm run backup`, move the data folder away, ' +
      'and restore the backup with this version.',
  )
}

/** Made under another name and renamed when complete, so that an interrupted first start leaves nothing half made. */
function initialize({ data, binaries, launch }: Cluster, initFlags: string[]): void {
  const unfinished = `${data}.new`
  rmSync(unfinished, { recursive: true, force: true })
  const run = runPostgresTool(launch, [
    binaries.initdb,
    ...['-D', unfinished, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--data-checksums', '--no-instructions'],
    // The same order of text on every machine.
    ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...initFlags,
  ])
  if (!run.ok) {
    throw new Error(`The embedded PostgreSQL could not be set up in ${data}; DATABASE_URL avoids it.\n${run.output}`)
  }
  renameSync(unfinished, data)
}

function runPostgresTool({ prefix, account }: Launch, command: string[]): { ok: boolean; output: string } {
  const [program = '', ...options] = [...prefix, ...command]
  const run = spawnSync(program, options, { ...account, env: POSTGRES_ENVIRONMENT, cwd: '/', encoding: 'utf8' })
  const output = run.error?.message ?? `${run.stdout}${run.stderr}`
  return { ok: run.status === 0, output }
}
