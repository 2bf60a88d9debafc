import { type Actor, actorLabel, actorUserId } from '../../access'
import type { Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'

/** Why a directory may not take over a member by itself. */
export type ConflictReason = 'UNPROVEN_DOMAIN' | 'CONFIRMATION' | 'OTHER_DIRECTORY'

/** What became of it. */
export type ConflictStatus = 'OPEN' | 'CONFIRMED' | 'REJECTED' | 'ADOPTED'

/** A pushed person that matches a member, and waits for an Admin. */
export interface ConflictRow {
  id: string
  directoryId: string
  memberId: string
  userName: string
  externalId: string | null
  /** The address by which they match. */
  email: string
  /** As pushed. */
  name: string
  reason: ConflictReason
  status: ConflictStatus
  /** How often it was pushed. */
  attempts: number
  firstSeenAt: Date
  lastSeenAt: Date
  decidedAt: Date | null
  decidedByName: string | null
}

/** At most `page.size + 1` conflicts of a directory with one of these states, oldest first, in walking order. */
export async function listConflictRows(
  tx: Transaction,
  organizationId: string,
  directoryId: string,
  status: readonly ConflictStatus[],
  page: Page,
): Promise<ConflictRow[]> {
  const statement = page.direction === 'forwards' ? LIST : LIST_BACKWARDS
  return tx.query(statement, [organizationId, directoryId, status, page.cursor?.[0] ?? null, page.size + 1])
}

/** How many conflicts of each directory are open; directories without any are left out. */
export async function countOpenConflicts(
  tx: Transaction,
  organizationId: string,
  directoryIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.query<{ id: string; n: number }>(COUNT_OPEN, [organizationId, directoryIds])
  return new Map(rows.map(({ id, n }) => [id, n]))
}

/** One conflict, or null. @param hold  `lock` keeps it as it is until the transaction ends */
export async function findConflict(
  tx: Transaction,
  organizationId: string,
  id: string,
  hold: 'look' | 'lock' = 'look',
): Promise<ConflictRow | null> {
  const [row] = await tx.query<ConflictRow>(hold === 'lock' ? LOCK : FIND, [organizationId, id])
  return row ?? null
}

/** Writes what an Admin has decided. */
export async function decideConflictRow(
  tx: Transaction,
  organizationId: string,
  id: string,
  status: 'CONFIRMED' | 'REJECTED',
  actor: Actor,
): Promise<void> {
  await tx.execute(DECIDE, [organizationId, id, status, actorUserId(actor), actorLabel(actor)])
}

const COLUMNS = `
SELECT c.id, c.directory_id AS "directoryId", c.member_id AS "memberId", c.user_name AS "userName", c.external_id AS "externalId",
  c.email, c.name, c.reason, c.status, c.attempts, c.first_seen_at AS "firstSeenAt", c.last_seen_at AS "lastSeenAt",
  c.decided_at AS "decidedAt", c.decided_by_name AS "decidedByName"
FROM directory_conflicts c WHERE c.organization_id = $1`
const list = (beyond: '<' | '>', way: 'ASC' | 'DESC') => `${COLUMNS}
  AND c.directory_id = $2 AND c.status = ANY ($3::text[]) AND ($4::uuid IS NULL OR c.id ${beyond} $4)
ORDER BY c.id ${way} LIMIT $5`
const LIST: Statement = { name: 'list-directory-conflicts', text: list('>', 'ASC') }
const LIST_BACKWARDS: Statement = { name: 'list-directory-conflicts-backwards', text: list('<', 'DESC') }
const FIND: Statement = { name: 'find-directory-conflict', text: `${COLUMNS} AND c.id = $2` }
const LOCK: Statement = { name: 'lock-directory-conflict', text: `${COLUMNS} AND c.id = $2 FOR UPDATE` }
const COUNT_OPEN: Statement = {
  name: 'count-open-directory-conflicts',
  text: `
SELECT directory_id AS id, count(*)::int AS n FROM directory_conflicts
WHERE organization_id = $1 AND directory_id = ANY ($2::uuid[]) AND status = 'OPEN' GROUP BY directory_id`,
}
const DECIDE: Statement = {
  name: 'decide-directory-conflict',
  text: `
UPDATE directory_conflicts SET status = $3, decided_at = now(), decided_by_id = $4, decided_by_name = $5
WHERE organization_id = $1 AND id = $2`,
}
