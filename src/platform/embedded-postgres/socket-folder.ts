import { createHash } from 'node:crypto'
import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Launch } from './unprivileged-launch'

/** Unix sockets end at 107 bytes (Linux) or 103 (macOS), of which `/.s.PGSQL.5432` takes 14. */
const MAX_FOLDER_BYTES = 89

/**
 * Makes the folder of the Unix socket, mode 0700: whoever may enter it is the superuser of the database. It lies beside
 * the data; under a path too deep for a socket, in the temporary folder under a name derived from that path.
 *
 * @throws Error  when the folder belongs to somebody else, who would then read along
 */
export function makeSocketFolder(root: string, { account }: Launch): string {
  const folder = chooseFolder(root)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const stat = lstatSync(folder)
  const owners = [process.getuid?.(), account?.uid]
  if (!stat.isDirectory() || !owners.includes(stat.uid)) {
    throw new Error(
      `The socket folder ${folder} belongs to somebody else. Remove it, or set TMPDIR to a private folder.`,
    )
  }
  if (account) chownSync(folder, account.uid, account.gid)
  chmodSync(folder, 0o700)
  return folder
}

function chooseFolder(root: string): string {
  const short = `gatehouse-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`
  const candidates = [path.join(root, 'run'), path.join(tmpdir(), short), path.join('/tmp', short)]
  return candidates.find((folder) => Buffer.byteLength(folder) <= MAX_FOLDER_BYTES) ?? path.join('/tmp', short)
}
