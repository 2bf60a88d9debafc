import type { Database, Transaction } from '../../platform/database'
import { EMPTY_CHAIN, flawOf, isErased } from './audit-chain'
import { countUnsealed, listSealed, nextAuditedOrganization } from './audit-chain.store'

/** How the chain of one organization was found. */
export interface ChainReport {
  /** UUID; the nil UUID for the installation's own events. */
  readonly organizationId: string
  /** Sealed rows that are in order, from the first one on. */
  readonly intact: number
  /** Of these, rows whose personal part was emptied. */
  readonly erased: number
  /** Rows that the sealer has not reached yet. */
  readonly unsealed: number
  /** Hex hash of the last row that is in order. Noted elsewhere, it proves later that no row behind it was cut off. */
  readonly head: string
  /** The first row that is not in order; null when all are. */
  readonly broken: { readonly id: string; readonly sequence: number; readonly flaw: string } | null
}

const ROWS_PER_PAGE = 1000

/**
 * Walks the chains and reports on each when its end is reached. Reads in pages; memory does not grow with the log.
 *
 * @param organizationId  only this one
 * @param onProgress  told after each page how many rows were read in all
 */
export async function* verifyAudit(
  database: Database,
  organizationId: string | null = null,
  onProgress: (rows: number) => void = () => {},
): AsyncGenerator<ChainReport> {
  let rows = 0
  const count = (page: number): void => onProgress((rows += page))
  if (organizationId) return yield await verifyChain(database, organizationId, count)
  let next = await read(database, (tx) => nextAuditedOrganization(tx, null))
  while (next) {
    const current: string = next
    yield await verifyChain(database, current, count)
    next = await read(database, (tx) => nextAuditedOrganization(tx, current))
  }
}

async function verifyChain(
  database: Database,
  organizationId: string,
  onPage: (rows: number) => void,
): Promise<ChainReport> {
  let head = EMPTY_CHAIN
  let erased = 0
  let broken: ChainReport['broken'] = null
  for (let isEnd = false; !isEnd && !broken; ) {
    const events = await read(database, (tx) => listSealed(tx, organizationId, head.sequence, ROWS_PER_PAGE))
    for (const event of events) {
      const flaw = flawOf(event, head)
      if (flaw) broken = { id: event.id, sequence: event.sequence, flaw }
      if (flaw) break
      if (isErased(event)) erased += 1
      head = event
    }
    isEnd = events.length < ROWS_PER_PAGE
    onPage(events.length)
  }
  const unsealed = await read(database, (tx) => countUnsealed(tx, organizationId))
  return { organizationId, intact: head.sequence, erased, unsealed, head: head.hash.toString('hex'), broken }
}

async function read<T>(database: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const reader = await database.openReader({ kind: 'installation' })
  try {
    return await work(reader.tx)
  } finally {
    await reader.close()
  }
}
