import { smallestIdAt } from '../../kernel/ids'
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
  const { statement, values } = walk(organizationId, filter, page)
  return tx.query(statement, values)
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

const COLUMNS = `id, at, action, actor_kind AS "actorKind", actor_id AS "actorId", request_id AS "requestId",
  target_ids AS "targetIds", details, sequence IS NOT NULL AS "isSealed"`

const FIND_EVENT: Statement = {
  name: 'find-audit-event',
  text: `SELECT ${COLUMNS} FROM audit_events WHERE organization_id = $1 AND id = $2`,
}

/**
 * A statement for each combination of conditions, with nothing in its text but what was asked for, so that each is
 * planned for its index. A target is walked along the rows that name it, and a few actions one by one and merged: each
 * in the order of ids from where the page begins, until the page is full.
 */
function walk(
  organizationId: string,
  { actions, actorId, targetId, from, to }: AuditFilter,
  page: Page,
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = [organizationId, page.size + 1]
  const bind = (value: unknown): string => `$${values.push(value)}`
  const [after, order] = page.direction === 'forwards' ? ['<', 'DESC'] : ['>', 'ASC']
  const id = targetId ? 't.event_id' : 'e.id'
  const tables = targetId
    ? 'audit_event_targets t JOIN audit_events e ON e.organization_id = t.organization_id AND e.id = t.event_id'
    : 'audit_events e'
  // PostgreSQL tells names apart by their first 63 characters.
  const name = ['audit-events', order.toLowerCase()]
  const conditions = [`${targetId ? 't' : 'e'}.organization_id = $1`]
  const add = (word: string, ...texts: string[]): void => {
    name.push(word)
    conditions.push(...texts)
  }
  if (targetId) {
    const target = bind(targetId)
    // The array has the last word: it is what the chain covers.
    add('target', `t.target_id = ${target}`, `e.target_ids @> ARRAY[${target}]`)
  }
  if (actorId) add('actor', `e.actor_id = ${bind(actorId)}`)
  if (page.cursor) add('after', `${id} ${after} ${bind(page.cursor[0])}`)
  if (from) add('from', `e.at >= ${bind(from)}`, `${id} >= ${bind(smallestIdAt(from.getTime() - SLACK_MILLISECONDS))}`)
  if (to) add('to', `e.at <= ${bind(to)}`, `${id} <= ${bind(smallestIdAt(to.getTime() + SLACK_MILLISECONDS))}`)
  if (actions) add('action', 'e.action = wanted.action')
  const rows = `SELECT ${COLUMNS} FROM ${tables} WHERE ${conditions.join(' AND ')} ORDER BY ${id} ${order} LIMIT $2`
  const text = actions
    ? `SELECT event.* FROM unnest(${bind(actions)}::text[]) AS wanted(action)
CROSS JOIN LATERAL (${rows}) AS event ORDER BY event.id ${order} LIMIT $2`
    : rows
  return { statement: { name: name.join('-'), text }, values }
}
