import type { Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'

export type JoinRequestStatus = 'PENDING' | 'APPROVED' | 'DECLINED' | 'CANCELLED'

/** Somebody asks to be let in, as the organization sees it. */
export interface JoinRequestRow {
  id: string
  userId: string
  name: string
  email: string
  domain: string
  message: string | null
  status: JoinRequestStatus
  createdAt: Date
  decidedAt: Date | null
  decidedByName: string | null
}

/** A request about to be decided; its row is locked. */
export interface LockedJoinRequest extends JoinRequestRow {
  isUserDisabled: boolean
  /** The installation allows one organization per person, and this person has one. */
  isBoundElsewhere: boolean
}

/** A request about to be made. */
export type NewJoinRequest = Pick<JoinRequestRow, 'id' | 'userId' | 'name' | 'email' | 'domain' | 'message'>

/** Writes a request, on both sides. @returns false when one of this person waits already */
export async function insertJoinRequest(
  tx: Transaction,
  organizationId: string,
  { id, userId, name, email, domain, message }: NewJoinRequest,
): Promise<boolean> {
  const values = [organizationId, id, userId, name, email, domain, message]
  return (await tx.execute(INSERT_REQUEST, values)) === 1
}

/** Requests by id, held in one order for everybody. Ids that name none are left out. */
export async function lockJoinRequests(
  tx: Transaction,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, LockedJoinRequest>> {
  const rows = await tx.query<LockedJoinRequest>(LOCK_REQUESTS, [organizationId, ids])
  return new Map(rows.map((row) => [row.id, row]))
}

/** Ends pending requests, on both sides. @returns the ids of those that were pending */
export async function endJoinRequests(
  tx: Transaction,
  organizationId: string,
  ids: readonly string[],
  end: { status: Exclude<JoinRequestStatus, 'PENDING'>; byId: string | null; byName: string },
): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(END_REQUESTS, [organizationId, ids, end.status, end.byId, end.byName])
  return new Set(rows.map(({ id }) => id))
}

/** One page of requests, newest first. */
export async function listJoinRequestRows(
  tx: Transaction,
  organizationId: string,
  status: readonly JoinRequestStatus[],
  page: Page,
): Promise<JoinRequestRow[]> {
  const [createdAt = null, id = null] = page.cursor ?? []
  const statement = page.direction === 'forwards' ? LIST_REQUESTS : LIST_REQUESTS_BACKWARDS
  return tx.query<JoinRequestRow>(statement, [organizationId, status, createdAt, id, page.size + 1])
}

/** Requests by id, without those that do not exist. */
export async function findJoinRequests(
  tx: Transaction,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, JoinRequestRow>> {
  const rows = await tx.query<JoinRequestRow>(FIND_REQUESTS, [organizationId, ids])
  return new Map(rows.map((row) => [row.id, row]))
}

const INSERT_REQUEST: Statement = {
  name: 'insert-join-request',
  text: `
WITH asked AS (
  INSERT INTO join_requests (organization_id, id, user_id, name, email, domain, message) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT DO NOTHING RETURNING 1
)
INSERT INTO user_join_requests (user_id, organization_id, join_request_id, domain, message, status)
SELECT $3, $1, $2, $6, $7, 'PENDING' FROM asked
ON CONFLICT (user_id, organization_id) DO UPDATE SET join_request_id = excluded.join_request_id, domain = excluded.domain,
  message = excluded.message, status = 'PENDING', created_at = now(), decided_at = NULL`,
}

const COLUMNS = `
SELECT q.id, q.user_id AS "userId", q.name, q.email, q.domain, q.message, q.status, q.created_at AS "createdAt",
  q.decided_at AS "decidedAt", q.decided_by_name AS "decidedByName"`

const LOCK_REQUESTS: Statement = {
  name: 'lock-join-requests',
  text: `${COLUMNS}, u.disabled_at IS NOT NULL AS "isUserDisabled",
  (SELECT exclusive_membership FROM installation)
    AND EXISTS (SELECT FROM user_memberships um WHERE um.user_id = q.user_id AND um.organization_id <> $1) AS "isBoundElsewhere"
FROM join_requests q JOIN users u ON u.id = q.user_id
WHERE q.organization_id = $1 AND q.id = ANY ($2::uuid[]) ORDER BY q.id FOR UPDATE OF q`,
}

const END_REQUESTS: Statement = {
  name: 'end-join-requests',
  text: `
WITH ended AS (
  UPDATE join_requests SET status = $3, decided_at = now(), decided_by_id = $4, decided_by_name = $5
  WHERE organization_id = $1 AND id = ANY ($2::uuid[]) AND status = 'PENDING' RETURNING id, user_id
), mirrored AS (
  UPDATE user_join_requests m SET status = $3, decided_at = now() FROM ended
  WHERE m.user_id = ended.user_id AND m.organization_id = $1 AND m.join_request_id = ended.id
)
SELECT id FROM ended`,
}

const listRequests = (comparison: string, order: string): string => `${COLUMNS}
FROM join_requests q
WHERE q.organization_id = $1 AND q.status = ANY ($2::text[])
  AND ($3::timestamptz IS NULL OR (q.created_at, q.id) ${comparison} ($3, $4::uuid))
ORDER BY q.created_at ${order}, q.id ${order} LIMIT $5`
const LIST_REQUESTS: Statement = { name: 'list-join-requests', text: listRequests('<', 'DESC') }
const LIST_REQUESTS_BACKWARDS: Statement = { name: 'list-join-requests-backwards', text: listRequests('>', 'ASC') }

const FIND_REQUESTS: Statement = {
  name: 'find-join-requests',
  text: `${COLUMNS} FROM join_requests q WHERE q.organization_id = $1 AND q.id = ANY ($2::uuid[])`,
}
