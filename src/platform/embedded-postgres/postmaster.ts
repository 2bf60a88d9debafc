import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { processCommand } from '../running-process'

/** A running postmaster as its lock file tells it. */
export interface Postmaster {
  pid: number
  /** Its socket folder, which may differ from today's choice when TMPDIR changed. */
  socketFolder: string
}

const POLL_MILLISECONDS = 20
/** Recovery after a crash replays at most the log since the last checkpoint; minutes mean a disk in trouble. */
const READY_WITHIN_MILLISECONDS = 120_000

/**
 * Finds the postmaster that runs on this data folder, or null. A lock file that PostgreSQL would take for a running
 * server is removed: one that is empty, or whose number belongs to another process now (typical after a container was
 * killed) or to a zombie. One of a dead process stays: PostgreSQL reads from it whether orphaned backends still live.
 */
export function findPostmaster(data: string): Postmaster | null {
  const file = path.join(data, 'postmaster.pid')
  const [pidLine = '', , , , socketFolder = ''] = readLines(file)
  const pid = Number(pidLine)
  if (runsPostmaster(pid, data)) return { pid, socketFolder }
  if (pidLine === '' || takesSignals(pid)) rmSync(file, { force: true })
  return null
}

/**
 * Removes the lock file of a socket that nobody serves, for the same reasons: PostgreSQL takes it for held while its
 * number belongs to a zombie, which a killed server is for a moment, or to another process.
 */
export function removeStaleSocketLock(socketFolder: string, data: string): void {
  const file = path.join(socketFolder, '.s.PGSQL.5432.lock')
  const pid = Number(readLines(file)[0])
  if (takesSignals(pid) && !runsPostmaster(pid, data)) rmSync(file, { force: true })
}

/** Tells whether the process is the postmaster of this data folder, also while `unshare` is about to become it. */
export function runsPostmaster(pid: number, data: string): boolean {
  return processCommand(pid).includes(`/postgres -D ${data} `)
}

/**
 * Waits until the server takes connections, for at most two minutes.
 *
 * @param isRunning  asked between attempts; false ends the waiting
 * @returns  false when the server ended meanwhile
 * @throws   the last connection error when the time is over
 */
export async function waitUntilReady(url: string, isRunning: () => boolean): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MILLISECONDS
  while (isRunning()) {
    const failure = await tryToConnect(url)
    if (!failure) return true
    if (Date.now() > deadline) throw failure
    await sleep(POLL_MILLISECONDS)
  }
  return false
}

/** Ends the sessions and the server (a "fast" shutdown) and resolves when its process is gone. */
export async function stopPostmaster(pid: number, data: string): Promise<void> {
  if (!runsPostmaster(pid, data)) return
  process.kill(pid, 'SIGINT')
  while (runsPostmaster(pid, data)) await sleep(POLL_MILLISECONDS)
}

/** The question by which PostgreSQL itself decides; unlike ours it counts zombies and does not look who it is. */
function takesSignals(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function tryToConnect(url: string): Promise<Error | null> {
  const client = new Client({ connectionString: url })
  try {
    await client.connect()
    await client.end()
    return null
  } catch (error) {
    return error as Error
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ['0']
    throw error
  }
}
