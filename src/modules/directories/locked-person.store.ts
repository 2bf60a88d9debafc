import type { Statement, Transaction } from '../../platform/database'
import type { HeldMember } from '../members'
import type { DirectoryUser } from './directory-user.model'
import { DIRECTORY_USER_COLUMNS, type InDirectory } from './directory-user.store'
import { ARE_GROUPS_NESTED } from './user-groups.store'

/** Somebody of a directory and the member behind them, both held until the transaction ends. */
export interface LockedPerson {
  readonly stored: DirectoryUser
  readonly member: HeldMember
  /** The member has a personal key that is not revoked; nobody gives them one while they are held. */
  readonly hasKeys: boolean
  /** Groups of the directory nest. */
  readonly areGroupsNested: boolean
}

/** Locks somebody of a directory and the member behind them; null when the directory has no such person. */
export async function lockPerson(tx: Transaction, place: InDirectory, id: string): Promise<LockedPerson | null> {
  const values = [place.organizationId, place.directoryId, id]
  // Keys are looked for behind the lock, by a statement that sees what was committed while it was waited for.
  const [[row], keys] = await Promise.all([tx.query<Row>(LOCK_PERSON, values), tx.execute(FIND_A_KEY, values)])
  if (row) return personOf(row, keys > 0)
  // While we waited, they may have been given another member, whom the statement had not looked for.
  const [again] = await tx.query<Row>(LOCK_PERSON, values)
  return again ? personOf(again, (await tx.execute(FIND_A_KEY, values)) > 0) : null
}

type Row = DirectoryUser & { readonly areGroupsNested: boolean } & {
  readonly [Column in Exclude<keyof HeldMember, 'id'> as `member.${Column}`]: HeldMember[Column]
}

function personOf(row: Row, hasKeys: boolean): LockedPerson {
  const member: HeldMember = {
    id: row.memberId,
    userId: row['member.userId'],
    email: row['member.email'],
    name: row['member.name'],
    status: row['member.status'],
    roleKey: row['member.roleKey'],
  }
  return { stored: row, member, hasKeys, areGroupsNested: row.areGroupsNested }
}

const COLUMNS = `${DIRECTORY_USER_COLUMNS}, m.user_id AS "member.userId", m.email AS "member.email", m.name AS "member.name",
  m.status AS "member.status", r.key AS "member.roleKey", ${ARE_GROUPS_NESTED}`
const person = (id: string): string => `directory_users u
JOIN members m ON m.organization_id = $1 AND m.id = u.member_id
JOIN roles r ON r.organization_id = $1 AND r.id = m.role_id
WHERE u.organization_id = $1 AND u.directory_id = $2 AND u.id = ${id}
FOR UPDATE OF u, m`
const LOCK_PERSON: Statement = {
  name: 'lock-directory-person',
  text: `SELECT ${COLUMNS} FROM ${person('$3')}`,
  many: {
    name: 'lock-directory-people',
    lists: [2],
    text: `
SELECT asked.n::int AS n, ${COLUMNS} FROM unnest($3::uuid[]) WITH ORDINALITY AS asked(id, n) CROSS JOIN ${person('asked.id')}`,
  },
}
const hasKey = (id: string): string => `EXISTS (
  SELECT FROM api_keys k
  WHERE k.organization_id = $1 AND k.revoked_at IS NULL AND k.member_id = (
    SELECT u.member_id FROM directory_users u WHERE u.organization_id = $1 AND u.directory_id = $2 AND u.id = ${id}))`
const FIND_A_KEY: Statement = {
  name: 'find-key-of-directory-person',
  text: `SELECT WHERE ${hasKey('$3')}`,
  many: {
    name: 'find-keys-of-directory-people',
    lists: [2],
    text: `SELECT asked.n::int AS n FROM unnest($3::uuid[]) WITH ORDINALITY AS asked(id, n) WHERE ${hasKey('asked.id')}`,
  },
}
