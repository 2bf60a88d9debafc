import type { Statement, Transaction } from '../../platform/database'
import type { SwitchedParty } from './switch-plan'

/** Numbers that decide who keeps access. */
export interface ModeCounts {
  /** Joined members who can sign in the new way already. */
  ready: number
  /** Joined Admins of those. */
  readyAdmins: number
}

/** How many joined members, break-glass Admins aside, one of these connections knows. */
export async function countLinked(
  tx: Transaction,
  organizationId: string,
  providerIds: readonly string[],
  breakGlassMemberIds: readonly string[],
): Promise<number> {
  const [row] = await tx.query<{ ready: number }>(COUNT_LINKED, [organizationId, providerIds, breakGlassMemberIds])
  return row!.ready
}

/** Joined members who have an account with a way to sign in of its own. */
export async function countWithAccount(tx: Transaction, organizationId: string): Promise<ModeCounts> {
  const [row] = await tx.query<ModeCounts>(COUNT_WITH_ACCOUNT, [organizationId])
  return row!
}

/** Directories that are at work, oldest first. */
export async function findWorkingDirectories(tx: Transaction, organizationId: string): Promise<SwitchedParty[]> {
  return tx.query<SwitchedParty>(FIND_WORKING_DIRECTORIES, [organizationId])
}

/** SQL: the member `m` has signed in by one of the connections in `$2`. */
export const IS_LINKED = `EXISTS (
  SELECT FROM sso_identities i WHERE i.organization_id = $1 AND i.member_id = m.id AND i.sso_provider_id = ANY ($2::uuid[]))`
/** SQL: the member `m` can sign in to an account without the company. */
export const HAS_ACCOUNT = 'EXISTS (SELECT FROM identities a WHERE a.user_id = m.user_id)'
/** SQL: the role `r` is Admin. */
export const IS_ADMIN = `r.scope = 'ORGANIZATION' AND r.key = 'admin'`

const COUNT_LINKED: Statement = {
  name: 'count-linked-members',
  text: `
SELECT count(*)::int AS ready FROM members m
WHERE m.organization_id = $1 AND m.status = 'JOINED' AND ${IS_LINKED} AND m.id <> ALL ($3::uuid[])`,
}
const COUNT_WITH_ACCOUNT: Statement = {
  name: 'count-members-with-account',
  text: `
SELECT count(*)::int AS ready, (count(*) FILTER (WHERE ${IS_ADMIN}))::int AS "readyAdmins"
FROM members m JOIN roles r ON r.organization_id = $1 AND r.id = m.role_id
WHERE m.organization_id = $1 AND m.status = 'JOINED' AND ${HAS_ACCOUNT}`,
}
const FIND_WORKING_DIRECTORIES: Statement = {
  name: 'find-working-directories',
  text: `SELECT id, name FROM directories WHERE organization_id = $1 AND organization_mode IS NOT NULL ORDER BY id`,
}
