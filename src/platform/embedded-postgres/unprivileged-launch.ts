import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'

/** How to start a program so that it does not see itself as root. */
export interface Launch {
  /** The program and arguments to put before the command; empty when the command is started directly. */
  prefix: string[]
  /** The account to start it as, and to which its files must belong; absent for the account of this process. */
  account?: { uid: number; gid: number }
}

const USER_NAMESPACE = ['unshare', '--user', '--map-user=65534', '--map-group=65534']

/**
 * Chooses how to run PostgreSQL, which refuses to run as root. For root, in this order: the account that an existing
 * data folder belongs to; a user namespace in which root is seen as nobody (files stay root's, folders that only root
 * may enter keep working); the account `postgres` or `nobody`, for containers that forbid namespaces.
 *
 * @param dataFolder  may not exist yet
 * @throws Error      when none of them is to be had
 */
export function chooseLaunch(dataFolder: string): Launch {
  if (process.getuid?.() !== 0) return { prefix: [] }
  const owner = statSync(dataFolder, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { prefix: [], account: { uid: owner.uid, gid: owner.gid } }
  if (allowsUserNamespace()) return { prefix: USER_NAMESPACE }
  const account = findAccount('postgres') ?? findAccount('nobody')
  if (account) return { prefix: [], account }
  throw new Error(
    'PostgreSQL does not run as root, and here is neither a user namespace nor an account "postgres" or "nobody". ' +
      'Start Gatehouse as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  )
}

function allowsUserNamespace(): boolean {
  const [program = '', ...options] = USER_NAMESPACE
  return spawnSync(program, [...options, 'true']).status === 0
}

function findAccount(name: string): { uid: number; gid: number } | undefined {
  const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' })
  const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' })
  return uid.status === 0 && gid.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : undefined
}
