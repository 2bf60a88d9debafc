import type { Statement, Transaction } from '../../platform/database'

/** A message that this process has leased and must deliver. */
export interface DueMessageRow {
  organization_id: string
  id: string
  kind: string
  destination: string
  payload: unknown
  sealed: Buffer | null
  created_at: Date
  /** Including the one about to be made, 1.. */
  attempts: number
}

/** Names one message. */
export interface MessageKey {
  readonly organizationId: string
  readonly id: string
}

/**
 * Leases due messages, oldest first: whoever dies with them loses the lease, and they are due again. Wants the
 * installation's scope.
 *
 * @param claim.kinds  what this process can deliver; others wait for a process that knows them
 * @param claim.except  destinations that must not get another message now
 * @returns  at most `limit` messages, no two of one destination
 */
export async function claimDueMessages(
  tx: Transaction,
  claim: { kinds: readonly string[]; except: readonly string[]; limit: number; leaseSeconds: number },
): Promise<DueMessageRow[]> {
  return tx.query(CLAIM, [claim.kinds, claim.except, claim.limit, claim.leaseSeconds])
}

/** Keeps the leases of messages that are being delivered. Wants the installation's scope. */
export async function renewLeases(
  tx: Transaction,
  messages: readonly MessageKey[],
  leaseSeconds: number,
): Promise<void> {
  const organizationIds = messages.map(({ organizationId }) => organizationId)
  const ids = messages.map(({ id }) => id)
  await tx.execute(RENEW, [organizationIds, ids, leaseSeconds])
}

/** Writes down that a message arrived, and wipes its secret. */
export async function markDelivered(tx: Transaction, organizationId: string, id: string): Promise<void> {
  await tx.execute(DELIVERED, [organizationId, id])
}

/** Lets a message be due again after a while. */
export async function postpone(
  tx: Transaction,
  organizationId: string,
  id: string,
  retry: { error: string; delaySeconds: number },
): Promise<void> {
  await tx.execute(POSTPONE, [organizationId, id, retry.error, retry.delaySeconds])
}

/** Gives a message up, and wipes its secret. */
export async function markFailed(tx: Transaction, organizationId: string, id: string, error: string): Promise<void> {
  await tx.execute(FAILED, [organizationId, id, error])
}

/**
 * Writes down that a message was overtaken and never has to leave, and wipes its secret. It counts as done, and not as a
 * failure: `last_error` says `superseded`, which no message that was delivered says.
 */
export async function markSuperseded(tx: Transaction, organizationId: string, id: string): Promise<void> {
  await tx.execute(SUPERSEDED, [organizationId, id])
}

/** Messages that wait, and for how long the oldest has been due. Wants the installation's scope. */
export async function measureBacklog(tx: Transaction): Promise<{ waiting: number; oldestSeconds: number }> {
  const [row] = await tx.query<{ waiting: number; oldest_seconds: number }>(BACKLOG)
  return { waiting: row?.waiting ?? 0, oldestSeconds: row?.oldest_seconds ?? 0 }
}

// The window bounds what is looked at when a thousand messages wait; busy destinations do not take room in it.
const CLAIM: Statement = {
  name: 'claim-due-messages',
  text: `
WITH candidates AS (
  SELECT organization_id, id, available_at, row_number() OVER (PARTITION BY destination ORDER BY available_at, id) AS place
  FROM (
    SELECT organization_id, id, destination, available_at FROM outbox_messages
    WHERE delivered_at IS NULL AND failed_at IS NULL AND available_at <= now()
      AND kind = ANY ($1) AND NOT destination = ANY ($2)
    ORDER BY available_at LIMIT 200
  ) AS window_of_due
), claimed AS (
  SELECT m.organization_id, m.id
  FROM candidates AS c JOIN outbox_messages AS m USING (organization_id, id)
  WHERE c.place = 1 AND m.delivered_at IS NULL AND m.failed_at IS NULL AND m.available_at <= now()
  ORDER BY c.available_at LIMIT $3
  FOR UPDATE OF m SKIP LOCKED
)
UPDATE outbox_messages AS m
SET attempts = m.attempts + 1, available_at = now() + make_interval(secs => $4)
FROM claimed WHERE m.organization_id = claimed.organization_id AND m.id = claimed.id
RETURNING m.organization_id, m.id, m.kind, m.destination, m.payload, m.sealed, m.created_at, m.attempts`,
}

const RENEW: Statement = {
  name: 'renew-leases',
  text: `
UPDATE outbox_messages AS m SET available_at = now() + make_interval(secs => $3)
FROM unnest($1::uuid[], $2::uuid[]) AS held(organization_id, id)
WHERE m.organization_id = held.organization_id AND m.id = held.id AND m.delivered_at IS NULL AND m.failed_at IS NULL`,
}

const DELIVERED: Statement = {
  name: 'mark-message-delivered',
  text: `
UPDATE outbox_messages SET delivered_at = now(), failed_at = NULL, last_error = NULL, sealed = NULL
WHERE organization_id = $1 AND id = $2`,
}

const POSTPONE: Statement = {
  name: 'postpone-message',
  text: `
UPDATE outbox_messages SET last_error = $3, available_at = now() + make_interval(secs => $4)
WHERE organization_id = $1 AND id = $2 AND delivered_at IS NULL`,
}

const FAILED: Statement = {
  name: 'mark-message-failed',
  text: `
UPDATE outbox_messages SET failed_at = now(), last_error = $3, sealed = NULL
WHERE organization_id = $1 AND id = $2 AND delivered_at IS NULL`,
}

const SUPERSEDED: Statement = {
  name: 'mark-message-superseded',
  text: `
UPDATE outbox_messages SET delivered_at = now(), last_error = 'superseded', sealed = NULL
WHERE organization_id = $1 AND id = $2 AND delivered_at IS NULL`,
}

const BACKLOG: Statement = {
  name: 'measure-outbox-backlog',
  text: `
SELECT count(*)::int AS waiting,
  coalesce(extract(epoch FROM now() - min(available_at)), 0)::float8 AS oldest_seconds
FROM outbox_messages WHERE delivered_at IS NULL AND failed_at IS NULL AND available_at <= now()`,
}
