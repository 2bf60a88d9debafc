import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const HAS_PROC = existsSync('/proc/self/stat')

/**
 * Returns a text that tells one run of a process from every later process with the same number, or null when no such
 * process runs. A zombie counts as gone: a container without an init process keeps it for ever.
 *
 * @param pid  process number; 0 and below, which `kill` would take for groups, give null
 */
export function processIdentity(pid: number): string | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null
  if (!HAS_PROC) return askPs(pid, 'lstart=')
  const stat = readProc(`/proc/${pid}/stat`)
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (!fields || fields[0] === 'Z') return null
  // Field 22 counts clock ticks since boot, so it needs the boot beside it.
  return `${readProc('/proc/sys/kernel/random/boot_id')?.trim()}:${fields[19]}`
}

/**
 * Returns the command line of a running process, its arguments separated and ended by spaces; empty when there is none.
 */
export function processCommand(pid: number): string {
  if (!Number.isSafeInteger(pid) || pid <= 0) return ''
  if (!HAS_PROC) return `${askPs(pid, 'command=') ?? ''} `
  return (readProc(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ')
}

function readProc(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function askPs(pid: number, column: string): string | null {
  const ps = spawnSync('ps', ['-ww', '-o', column, '-p', String(pid)], { encoding: 'utf8' })
  return ps.status === 0 ? ps.stdout.trim() : null
}
