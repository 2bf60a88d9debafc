import type { Statement, Transaction } from '../../platform/database'
import type { MembershipMode } from '../organizations'

/** A connection or directory that a switch started or stopped, and what it was before. */
export interface SwitchedRow {
  kind: 'SSO_PROVIDER' | 'DIRECTORY'
  id: string
  name: string
  statusBefore: string
}

/** One switch of the membership mode. */
export interface ModeSwitch {
  id: string
  from: MembershipMode
  to: MembershipMode
  startedByName: string
  startedAt: Date
  /** Until when members are to link their sign-in; null when nobody has to. */
  graceEndsAt: Date | null
  settledAt: Date | null
  revertibleUntil: Date
  revertedAt: Date | null
  parties: SwitchedRow[]
}

/** A switch about to be made. */
export interface NewModeSwitch {
  id: string
  from: MembershipMode
  to: MembershipMode
  startedById: string | null
  startedByName: string
  graceEndsAt: Date | null
  revertibleDays: number
}

export async function insertModeSwitch(
  tx: Transaction,
  organizationId: string,
  { id, from, to, startedById, startedByName, graceEndsAt, revertibleDays }: NewModeSwitch,
): Promise<void> {
  const values = [organizationId, id, from, to, startedById, startedByName, graceEndsAt, revertibleDays]
  await tx.execute(INSERT_SWITCH, values)
}

/** Notes what the switch has started and stopped. */
export async function writeSwitchedRows(
  tx: Transaction,
  organizationId: string,
  id: string,
  rows: readonly SwitchedRow[],
): Promise<void> {
  await tx.execute(WRITE_ROWS, [organizationId, id, JSON.stringify(rows)])
}

/** The newest switch of an organization, or null when there was none. */
export async function findNewestSwitch(tx: Transaction, organizationId: string): Promise<ModeSwitch | null> {
  const [row] = await tx.query<ModeSwitch>(FIND_NEWEST, [organizationId])
  return row ?? null
}

export async function findModeSwitch(tx: Transaction, organizationId: string, id: string): Promise<ModeSwitch | null> {
  const [row] = await tx.query<ModeSwitch>(FIND_SWITCH, [organizationId, id])
  return row ?? null
}

export async function markReverted(tx: Transaction, organizationId: string, id: string): Promise<void> {
  await tx.execute(MARK_REVERTED, [organizationId, id])
}

/** Everybody who was to link a sign-in has, or is suspended. */
export async function markSettled(tx: Transaction, organizationId: string, id: string): Promise<void> {
  await tx.execute(MARK_SETTLED, [organizationId, id])
}

/** How many members still have to link a sign-in, and how many were suspended because they had not. */
export async function countUnlinked(
  tx: Transaction,
  organizationId: string,
  id: string,
): Promise<{ waiting: number; suspended: number }> {
  const [row] = await tx.query<{ waiting: number; suspended: number }>(COUNT_UNLINKED, [organizationId, id])
  return row!
}

/**
 * Members who were there before a switch to SSO and have not linked a sign-in, oldest first.
 * @param withAdmins  false leaves Admins out
 */
export async function findUnlinked(
  tx: Transaction,
  organizationId: string,
  id: string,
  { withAdmins, limit }: { withAdmins: boolean; limit: number },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(FIND_UNLINKED, [organizationId, id, withAdmins, limit])
  return rows.map((row) => row.id)
}

/** Joined Admins who keep access whatever happens at the deadline. */
export async function countSafeAdmins(tx: Transaction, organizationId: string, id: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(COUNT_SAFE_ADMINS, [organizationId, id])
  return row!.n
}

/** Notes that the switch has taken access from members, and what they were before. */
export async function rememberSuspended(
  tx: Transaction,
  organizationId: string,
  id: string,
  memberIds: readonly string[],
): Promise<void> {
  await tx.execute(REMEMBER_SUSPENDED, [organizationId, id, memberIds])
}

/** Switches to SSO whose deadline is over, of all organizations. Wants the installation's scope. */
export async function findDueSwitches(
  tx: Transaction,
  limit: number,
): Promise<{ organizationId: string; switchId: string }[]> {
  return tx.query(FIND_DUE, [limit])
}

const INSERT_SWITCH: Statement = {
  name: 'insert-mode-switch',
  text: `
INSERT INTO membership_mode_switches (organization_id, id, from_mode, to_mode, started_by_id, started_by_name, grace_ends_at,
  settled_at, revertible_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $7::timestamptz IS NULL THEN now() END, now() + make_interval(days => $8::integer))`,
}
const WRITE_ROWS: Statement = {
  name: 'write-switched-rows',
  text: 'UPDATE membership_mode_switches SET providers = $3::jsonb WHERE organization_id = $1 AND id = $2',
}
const COLUMNS = `
SELECT id, from_mode AS "from", to_mode AS "to", started_by_name AS "startedByName", started_at AS "startedAt",
  grace_ends_at AS "graceEndsAt", settled_at AS "settledAt", revertible_until AS "revertibleUntil",
  reverted_at AS "revertedAt", providers AS parties
FROM membership_mode_switches WHERE organization_id = $1`
const FIND_NEWEST: Statement = {
  name: 'find-newest-mode-switch',
  text: `${COLUMNS} ORDER BY started_at DESC, id DESC LIMIT 1`,
}
const FIND_SWITCH: Statement = { name: 'find-mode-switch', text: `${COLUMNS} AND id = $2` }
const MARK_REVERTED: Statement = {
  name: 'mark-mode-switch-reverted',
  text: 'UPDATE membership_mode_switches SET reverted_at = now() WHERE organization_id = $1 AND id = $2',
}
const MARK_SETTLED: Statement = {
  name: 'mark-mode-switch-settled',
  text: 'UPDATE membership_mode_switches SET settled_at = now() WHERE organization_id = $1 AND id = $2',
}

// Whom the company has sent since, by a sign-in or through a directory, has nothing to link.
const UNLINKED = `
FROM membership_mode_switches s
JOIN members m ON m.organization_id = s.organization_id AND m.status = 'JOINED' AND m.joined_at <= s.started_at
JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
WHERE s.organization_id = $1 AND s.id = $2 AND s.to_mode = 'SSO' AND s.reverted_at IS NULL
  AND NOT EXISTS (SELECT FROM sso_identities i WHERE i.organization_id = $1 AND i.member_id = m.id)
  AND NOT EXISTS (SELECT FROM directory_users d WHERE d.organization_id = $1 AND d.member_id = m.id)
  AND NOT EXISTS (SELECT FROM break_glass_admins b WHERE b.organization_id = $1 AND b.member_id = m.id)`
const IS_ADMIN = `(r.scope = 'ORGANIZATION' AND r.key = 'admin')`

const COUNT_UNLINKED: Statement = {
  name: 'count-unlinked-members',
  text: `
SELECT (SELECT count(*)::int ${UNLINKED}) AS waiting, (
  SELECT count(*)::int FROM membership_mode_switch_members
  WHERE organization_id = $1 AND switch_id = $2 AND outcome IN ('MUST_LINK_IDENTITY', 'LOSES_ACCESS')
) AS suspended`,
}
const FIND_UNLINKED: Statement = {
  name: 'find-unlinked-members',
  text: `SELECT m.id ${UNLINKED} AND ($3::boolean OR NOT ${IS_ADMIN}) ORDER BY m.id LIMIT $4`,
}
const COUNT_SAFE_ADMINS: Statement = {
  name: 'count-safe-admins',
  text: `
SELECT (
  (SELECT admins FROM organization_counters WHERE organization_id = $1) - (SELECT count(*) ${UNLINKED} AND ${IS_ADMIN})
)::int AS n`,
}
const REMEMBER_SUSPENDED: Statement = {
  name: 'remember-suspended-members',
  text: `
INSERT INTO membership_mode_switch_members (organization_id, switch_id, member_id, outcome, status_before, role_id_before)
SELECT $1, $2, id, 'MUST_LINK_IDENTITY', 'JOINED', role_id FROM members
WHERE organization_id = $1 AND id = ANY ($3::uuid[])
ON CONFLICT DO NOTHING`,
}
const FIND_DUE: Statement = {
  name: 'find-due-mode-switches',
  text: `
SELECT organization_id AS "organizationId", id AS "switchId" FROM membership_mode_switches
WHERE grace_ends_at <= now() AND settled_at IS NULL AND reverted_at IS NULL AND to_mode = 'SSO'
ORDER BY grace_ends_at LIMIT $1`,
}
