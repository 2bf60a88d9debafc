import { newId } from '../../kernel/ids'
import type { Statement, Transaction } from '../../platform/database'

/** An Admin who keeps another way in. */
export interface BreakGlassAdmin {
  memberId: string
  /** Codes that were not used yet. */
  codesLeft: number
  since: Date
}

/** What stands in the way of somebody being a break-glass Admin; all true when nothing does. */
export interface BreakGlassStanding {
  memberId: string
  name: string
  isJoinedAdmin: boolean
  /** Has a way to sign in that is not the company's. */
  hasAccount: boolean
}

/** The members of a list that exist, with what decides whether they can be break-glass Admins. */
export async function findBreakGlassStandings(
  tx: Transaction,
  organizationId: string,
  memberIds: readonly string[],
): Promise<BreakGlassStanding[]> {
  return tx.query<BreakGlassStanding>(FIND_STANDINGS, [organizationId, memberIds])
}

/** Makes a member a break-glass Admin, and its codes these alone. */
export async function replaceCodes(
  tx: Transaction,
  organizationId: string,
  memberId: string,
  hashes: readonly Buffer[],
): Promise<void> {
  await tx.execute(MAKE_BREAK_GLASS, [organizationId, memberId])
  await tx.execute(DELETE_CODES, [organizationId, memberId])
  const rows = hashes.map((hash) => ({ id: newId(), hash: hash.toString('hex') }))
  await tx.execute(INSERT_CODES, [organizationId, memberId, JSON.stringify(rows)])
}

/** The break-glass Admins of an organization: those who are joined Admins still. */
export async function findBreakGlassAdmins(tx: Transaction, organizationId: string): Promise<BreakGlassAdmin[]> {
  return tx.query<BreakGlassAdmin>(FIND_ADMINS, [organizationId])
}

/**
 * Holds a break-glass Admin until the commit, so that attempts come one after another.
 * @returns how many wrong codes there were lately; null when the member has no codes
 */
export async function lockBreakGlassAdmin(
  tx: Transaction,
  organizationId: string,
  memberId: string,
): Promise<{ failures: number } | null> {
  const [row] = await tx.query<{ failures: number }>(LOCK_ADMIN, [organizationId, memberId])
  return row ?? null
}

/** Uses up a code of a member. @returns how many are left; null when it is wrong, or was used */
export async function spendCode(
  tx: Transaction,
  organizationId: string,
  memberId: string,
  hash: Buffer | null,
): Promise<number | null> {
  if (!hash || (await tx.execute(SPEND_CODE, [organizationId, memberId, hash])) === 0) return null
  const [row] = await tx.query<{ left: number }>(COUNT_LEFT, [organizationId, memberId])
  return row!.left
}

/** Notes a wrong code, or with `0` that a right one was given. */
export async function noteFailures(
  tx: Transaction,
  organizationId: string,
  memberId: string,
  failures: number,
): Promise<void> {
  await tx.execute(NOTE_FAILURES, [organizationId, memberId, failures])
}

const ADMIN_ROLE = `r.scope = 'ORGANIZATION' AND r.key = 'admin'`

const FIND_STANDINGS: Statement = {
  name: 'find-break-glass-standings',
  text: `
SELECT m.id AS "memberId", coalesce(nullif(m.name, ''), m.email) AS name,
  m.status = 'JOINED' AND ${ADMIN_ROLE} AS "isJoinedAdmin",
  EXISTS (SELECT FROM identities i WHERE i.user_id = m.user_id) AS "hasAccount"
FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
WHERE m.organization_id = $1 AND m.id = ANY ($2::uuid[]) ORDER BY m.id`,
}

const MAKE_BREAK_GLASS: Statement = {
  name: 'make-break-glass-admin',
  text: `
INSERT INTO break_glass_admins (organization_id, member_id) VALUES ($1, $2)
ON CONFLICT (organization_id, member_id) DO UPDATE SET failures = 0, failing_since = NULL`,
}

const DELETE_CODES: Statement = {
  name: 'delete-recovery-codes',
  text: 'DELETE FROM recovery_codes WHERE organization_id = $1 AND member_id = $2',
}

const INSERT_CODES: Statement = {
  name: 'insert-recovery-codes',
  text: `
INSERT INTO recovery_codes (organization_id, id, member_id, code_hash)
SELECT $1, c.id, $2, decode(c.hash, 'hex') FROM jsonb_to_recordset($3::jsonb) AS c(id uuid, hash text)`,
}

const FIND_ADMINS: Statement = {
  name: 'find-break-glass-admins',
  text: `
SELECT b.member_id AS "memberId", b.created_at AS since, (
    SELECT count(*)::int FROM recovery_codes c
    WHERE c.organization_id = $1 AND c.member_id = b.member_id AND c.used_at IS NULL
  ) AS "codesLeft"
FROM break_glass_admins b
JOIN members m ON m.organization_id = $1 AND m.id = b.member_id AND m.status = 'JOINED'
JOIN roles r ON r.organization_id = $1 AND r.id = m.role_id AND ${ADMIN_ROLE}
WHERE b.organization_id = $1 ORDER BY b.member_id`,
}

const LOCK_ADMIN: Statement = {
  name: 'lock-break-glass-admin',
  text: `
SELECT CASE WHEN failing_since > now() - interval '15 minutes' THEN failures ELSE 0 END AS failures
FROM break_glass_admins WHERE organization_id = $1 AND member_id = $2 FOR UPDATE`,
}

const SPEND_CODE: Statement = {
  name: 'spend-recovery-code',
  text: `
UPDATE recovery_codes SET used_at = now()
WHERE organization_id = $1 AND member_id = $2 AND code_hash = $3 AND used_at IS NULL`,
}

const COUNT_LEFT: Statement = {
  name: 'count-recovery-codes-left',
  text: `
SELECT count(*)::int AS left FROM recovery_codes WHERE organization_id = $1 AND member_id = $2 AND used_at IS NULL`,
}

const NOTE_FAILURES: Statement = {
  name: 'note-recovery-failures',
  text: `
UPDATE break_glass_admins SET failures = $3::integer,
  failing_since = CASE WHEN $3 = 0 THEN NULL WHEN $3 = 1 THEN now() ELSE failing_since END
WHERE organization_id = $1 AND member_id = $2`,
}
