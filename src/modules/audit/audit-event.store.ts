import type { Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'

/** Which events; all that are given must match. */
export interface AuditFilter {
  /** Any of these, at most 20. */
  actions: readonly string[] | null
  /** UUID of the person who acted. */
  actorId: string | null
  /** TypeID of what it was done to. */
  targetId: string | null
  from: Date | null
  to: Date | null
}

/** An event as it is read. The personal part is empty after an erasure. */
export interface AuditEventRow {
  id: string
  at: Date
  action: string
  actorKind: string
  actorId: string | null
  requestId: string | null
  targetIds: string[]
  details: {
    actor?: string
    targets?: { type: string; id: string; label?: string }[]
    changes?: { field: string; before?: unknown; after?: unknown }[]
    ip?: string | null
    userAgent?: string | null
  }
  isSealed: boolean
}

/**
 * One page of an organization's events, newest first.
 * @returns  at most `page.size + 1` rows in walking order
 */
export async function listAuditEventRows(
  tx: Transaction,
  organizationId: string,
  filter: AuditFilter,
  page: Page,
): Promise<AuditEventRow[]> {
  const { actions, actorId, targetId, from, to } = filter
  return tx.query(listStatement(filter, page.direction), [
    organizationId,
    page.size + 1,
    page.cursor?.[0] ?? null,
    actions,
    actorId,
    targetId,
    from,
    to,
    from && uuidAt(from.getTime() - SLACK_MILLISECONDS),
    to && uuidAt(to.getTime() + SLACK_MILLISECONDS),
  ])
}

/** One event, or null. */
export async function findAuditEvent(
  tx: Transaction,
  organizationId: string,
  id: string,
): Promise<AuditEventRow | null> {
  const [row] = await tx.query<AuditEventRow>(FIND_EVENT, [organizationId, id])
  return row ?? null
}

// An id is made by a process, `at` by the database, up to a transaction's length apart and by two clocks.
const SLACK_MILLISECONDS = 3_600_000

/** The smallest UUIDv7 of a millisecond: ids sort by time, so a range of time is a range of the primary key. */
function uuidAt(milliseconds: number): string {
  const hex = Math.max(0, milliseconds).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`
}

const COLUMNS = `id, at, action, actor_kind AS "actorKind", actor_id AS "actorId", request_id AS "requestId",
  target_ids AS "targetIds", details, sequence IS NOT NULL AS "isSealed"`

const FIND_EVENT: Statement = {
  name: 'find-audit-event',
  text: `SELECT ${COLUMNS} FROM audit_events WHERE organization_id = $1 AND id = $2`,
}

/**
 * One statement for each combination that has a way of its own through the table, so that each is planned for its index.
 * A few actions are walked one by one, each along audit_events_by_action, and merged.
 *
 * Measured with a million events in one organization: 1 to 5 ms, but 0.5 to 1 s for a target that has few of them. No
 * index helps there: row-level security lets no array operator near one, since none is leakproof. A time range does.
 */
function listStatement({ actions, actorId, targetId }: AuditFilter, direction: Page['direction']): Statement {
  const [after, order] = direction === 'forwards' ? ['<', 'DESC'] : ['>', 'ASC']
  const rest = `e.organization_id = $1
  AND ($3::uuid IS NULL OR e.id ${after} $3)
  AND ${targetId ? 'e.target_ids @> ARRAY[$6::text]' : '$6::text IS NULL'}
  AND ${actorId ? 'e.actor_id = $5::text' : '$5::text IS NULL'}
  AND ($7::timestamptz IS NULL OR e.at >= $7) AND ($8::timestamptz IS NULL OR e.at <= $8)
  AND ($9::uuid IS NULL OR e.id >= $9) AND ($10::uuid IS NULL OR e.id <= $10)`
  const walk = (condition: string): string => `
  SELECT ${COLUMNS} FROM audit_events AS e WHERE ${condition} AND ${rest} ORDER BY e.id ${order} LIMIT $2`
  const source = actions
    ? `unnest($4::text[]) AS wanted(action) CROSS JOIN LATERAL (${walk('e.action = wanted.action')}) AS event`
    : `(${walk('$4::text[] IS NULL')}) AS event`
  const name = ['list-audit-events', actions && 'by-action', targetId && 'by-target', actorId && 'by-actor', direction]
  return {
    name: name.filter(Boolean).join('-'),
    text: `SELECT event.* FROM ${source} ORDER BY event.id ${order} LIMIT $2`,
  }
}
