import type { Database, Transaction } from '../../platform/database'
import { chainHash } from './audit-chain'
import { findChainHead, findUnsealedOrganizations, listUnsealed, lockChain, writeSeals } from './audit-chain.store'

const LAG_SECONDS = 2
const ORGANIZATIONS_PER_RUN = 200
const ROWS_PER_TRANSACTION = 500

/**
 * Chains the audit rows that were committed since: gives each its number within the organization and its hash.
 *
 * The number is given here and not where the row is written, because the writers of one organization do not wait for each
 * other: a number drawn by them would leave a gap for each rollback, and the last committed number could have an
 * uncommitted one below it. The sealer looks for rows without a number instead of rows above the last one, so that a row
 * that commits late is never skipped; the lag of two seconds only keeps the chain in the order of ids where it can.
 */
export async function sealAudit(database: Database): Promise<void> {
  const organizationIds = await database.write({ kind: 'installation' }, (tx) =>
    findUnsealedOrganizations(tx, LAG_SECONDS, ORGANIZATIONS_PER_RUN),
  )
  for (const organizationId of organizationIds)
    await database.write({ kind: 'installation' }, (tx) => sealBatch(tx, organizationId))
}

/** One transaction's worth of one organization; the next run goes on after it. */
async function sealBatch(tx: Transaction, organizationId: string): Promise<void> {
  if (!(await lockChain(tx, organizationId))) return
  let head = await findChainHead(tx, organizationId)
  const seals: { id: string; sequence: number; hash: Buffer }[] = []
  for (const event of await listUnsealed(tx, organizationId, LAG_SECONDS, ROWS_PER_TRANSACTION)) {
    const sequence = head.sequence + 1
    head = { sequence, hash: chainHash(head.hash, event, sequence) }
    seals.push({ id: event.id, ...head })
  }
  const written = await writeSeals(tx, organizationId, seals)
  if (written !== seals.length) throw new Error('Another sealer writes to this chain without its lock')
}
