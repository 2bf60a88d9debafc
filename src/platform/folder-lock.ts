import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { processIdentity } from './running-process'

/** A held lock. `release` may be called more than once; it also happens when the process exits. */
export interface FolderLock {
  release(): void
}

/** A running process, this one included, holds the lock; the text names its pid and the way out. */
export class FolderHeldError extends Error {
  override readonly name = 'FolderHeldError'
}

interface Holder {
  pid: number
  identity: string | null
}

const LOCK_FILE = 'gatehouse.lock'

/**
 * Takes the only lock on a data folder, so that two servers never work on the same one. A lock left by a process that
 * is gone, or whose number now belongs to another process, is taken over.
 *
 * @param directory  made when missing, readable by its owner alone
 * @throws FolderHeldError
 */
export function lockFolder(directory: string): FolderLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = path.join(path.resolve(directory), LOCK_FILE)
  const claim = `${file}.${process.pid}`
  const content = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) } satisfies Holder)
  writeFileSync(claim, content, { mode: 0o600 })
  try {
    while (!linkIfFree(claim, file)) removeStaleLock(file)
  } finally {
    rmSync(claim, { force: true })
  }
  return heldLock(file, content)
}

/** A link appears with its content, so that nobody can read a lock file that is still empty. */
function linkIfFree(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function removeStaleLock(file: string): void {
  const found = readIfThere(file)
  if (found === null) return
  refuseIfHeld(file, found)
  // Another process may have taken over since the look: move first, then see what was moved.
  const aside = `${file}.stale.${process.pid}`
  renameIfThere(file, aside)
  const moved = readIfThere(aside)
  if (moved !== null && moved !== found) linkIfFree(aside, file)
  rmSync(aside, { force: true })
}

function refuseIfHeld(file: string, content: string): void {
  const holder = parseHolder(content)
  if (!holder || processIdentity(holder.pid) === null) return
  if (holder.identity !== null && processIdentity(holder.pid) !== holder.identity) return
  throw new FolderHeldError(
    `Another Gatehouse (process ${holder.pid}) already uses ${path.dirname(file)}. ` +
      `Stop it first (kill ${holder.pid}), or set GATEHOUSE_DATA_DIR and PORT to run a second one beside it.`,
  )
}

function parseHolder(content: string): Holder | null {
  try {
    const { pid, identity } = JSON.parse(content) as Partial<Holder>
    return typeof pid === 'number' ? { pid, identity: identity ?? null } : null
  } catch {
    return null
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function heldLock(file: string, content: string): FolderLock {
  const release = (): void => {
    process.removeListener('exit', release)
    if (readIfThere(file) === content) rmSync(file, { force: true })
  }
  process.once('exit', release)
  return { release }
}
