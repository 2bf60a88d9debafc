import type { Statement, Transaction } from '../../platform/database'
import { type ChainedEvent, type ChainHead, EMPTY_CHAIN, type SealedEvent } from './audit-chain'

/** Organizations with rows older than `lagSeconds` that stand in no chain yet, at most `limit`. */
export async function findUnsealedOrganizations(tx: Transaction, lagSeconds: number, limit: number): Promise<string[]> {
  const rows = await tx.query<{ organization_id: string }>(FIND_UNSEALED, [lagSeconds, limit])
  return rows.map((row) => row.organization_id)
}

/** Takes the chain of an organization until the transaction ends; false when another sealer has it. */
export async function lockChain(tx: Transaction, organizationId: string): Promise<boolean> {
  const [row] = await tx.query<{ locked: boolean }>(LOCK_CHAIN, [organizationId])
  return row?.locked ?? false
}

/** The last sealed row of an organization. */
export async function findChainHead(tx: Transaction, organizationId: string): Promise<ChainHead> {
  const [row] = await tx.query<{ sequence: string; hash: Buffer }>(FIND_HEAD, [organizationId])
  return row ? { sequence: Number(row.sequence), hash: row.hash } : EMPTY_CHAIN
}

/** Rows to be sealed, in the order of their ids, at most `limit`. */
export async function listUnsealed(
  tx: Transaction,
  organizationId: string,
  lagSeconds: number,
  limit: number,
): Promise<ChainedEvent[]> {
  return tx.query(LIST_UNSEALED, [organizationId, lagSeconds, limit])
}

/** Writes places and hashes. @returns  how many rows took theirs */
export async function writeSeals(
  tx: Transaction,
  organizationId: string,
  seals: readonly { id: string; sequence: number; hash: Buffer }[],
): Promise<number> {
  const ids = seals.map(({ id }) => id)
  const sequences = seals.map(({ sequence }) => sequence)
  return tx.execute(WRITE_SEALS, [organizationId, ids, sequences, seals.map(({ hash }) => hash)])
}

/** The next sealed rows of a chain, at most `limit`. */
export async function listSealed(
  tx: Transaction,
  organizationId: string,
  afterSequence: number,
  limit: number,
): Promise<SealedEvent[]> {
  const rows = await tx.query<SealedEvent & { sequence: string }>(LIST_SEALED, [organizationId, afterSequence, limit])
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence) }))
}

/** Rows that wait for the sealer. */
export async function countUnsealed(tx: Transaction, organizationId: string): Promise<number> {
  const [row] = await tx.query<{ waiting: number }>(COUNT_UNSEALED, [organizationId])
  return row?.waiting ?? 0
}

/** The organization with audit rows that follows `after` in the order of ids; null after the last. */
export async function nextAuditedOrganization(tx: Transaction, after: string | null): Promise<string | null> {
  const [row] = await tx.query<{ organization_id: string }>(NEXT_ORGANIZATION, [after])
  return row?.organization_id ?? null
}

const CHAINED_COLUMNS = `organization_id AS "organizationId", id, at, action, actor_kind AS "actorKind", actor_id AS "actorId",
  request_id AS "requestId", target_ids AS "targetIds", details_digest AS "detailsDigest"`

const FIND_UNSEALED: Statement = {
  name: 'find-unsealed-organizations',
  text: `
SELECT DISTINCT organization_id FROM (
  SELECT organization_id FROM audit_events
  WHERE sequence IS NULL AND at < now() - make_interval(secs => $1) LIMIT 10000
) AS unsealed LIMIT $2`,
}

const LOCK_CHAIN: Statement = {
  name: 'lock-audit-chain',
  text: `SELECT pg_try_advisory_xact_lock(hashtextextended('audit chain ' || $1::text, 0)) AS locked`,
}

const FIND_HEAD: Statement = {
  name: 'find-audit-chain-head',
  text: `
SELECT sequence, hash FROM audit_events WHERE organization_id = $1 AND sequence IS NOT NULL
ORDER BY sequence DESC LIMIT 1`,
}

const LIST_UNSEALED: Statement = {
  name: 'list-unsealed-audit-events',
  text: `
SELECT ${CHAINED_COLUMNS} FROM audit_events
WHERE organization_id = $1 AND sequence IS NULL AND at < now() - make_interval(secs => $2)
ORDER BY id LIMIT $3`,
}

const WRITE_SEALS: Statement = {
  name: 'write-audit-seals',
  text: `
UPDATE audit_events AS e SET sequence = seal.sequence, hash = seal.hash
FROM unnest($2::uuid[], $3::bigint[], $4::bytea[]) AS seal(id, sequence, hash)
WHERE e.organization_id = $1 AND e.id = seal.id AND e.sequence IS NULL`,
}

const LIST_SEALED: Statement = {
  name: 'list-sealed-audit-events',
  text: `
SELECT ${CHAINED_COLUMNS}, sequence, hash, details, salt, NOT EXISTS (
  SELECT FROM unnest(e.target_ids) AS target(id) LEFT JOIN audit_event_targets AS t
    ON t.organization_id = $1 AND t.target_id = target.id AND t.event_id = e.id
  WHERE t.event_id IS NULL) AS "isFindable"
FROM audit_events AS e
WHERE organization_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`,
}

const COUNT_UNSEALED: Statement = {
  name: 'count-unsealed-audit-events',
  text: 'SELECT count(*)::int AS waiting FROM audit_events WHERE organization_id = $1 AND sequence IS NULL',
}

const NEXT_ORGANIZATION: Statement = {
  name: 'next-audited-organization',
  text: `
SELECT organization_id FROM audit_events WHERE $1::uuid IS NULL OR organization_id > $1
ORDER BY organization_id LIMIT 1`,
}
