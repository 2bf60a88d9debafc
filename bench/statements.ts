import { type BenchDatabase, withClient } from './cluster'
import { Contestant } from './contestant'
import { type LoadRequest, type Operation, unique } from './operations'

/** What one operation asks of PostgreSQL, on average. */
export interface StatementCost {
  /** Beside BEGIN, SET and COMMIT. */
  readonly statements: number
  /** 8 kB pages looked at, in memory or on disk. */
  readonly buffers: number
  /** By name, the indexes that were walked from their root to a leaf, for reading or for a new row. */
  readonly indexes: ReadonlyMap<string, IndexUse>
}

export interface IndexUse {
  /** Walks from root to leaf per operation. */
  readonly walks: number
  /** Pages from root to leaf. */
  readonly height: number
}

const REQUESTS = 40

/** Somebody who asks a product of its own one kind of question. */
export interface Questioner {
  /** Asks so many, one after the other. */
  ask(count: number): Promise<void>
  /** Ends the product too. */
  stop(): Promise<void>
}

/** Has some questions asked one after the other and asks the statistics of PostgreSQL what they did. */
export async function statementCost(database: BenchDatabase, start: () => Promise<Questioner>): Promise<StatementCost> {
  const questioner = await start()
  // Every connection plans a named statement five times before it keeps a plan.
  await questioner.ask(REQUESTS)
  const counted = await withClient(database.superuserUrl, async (client) => {
    await client.query('SELECT pg_stat_statements_reset()')
    await questioner.ask(REQUESTS)
    const { rows } = await client.query<{ calls: string; buffers: string }>(
      `SELECT coalesce(sum(calls), 0) AS calls, coalesce(sum(shared_blks_hit + shared_blks_read), 0) AS buffers
       FROM pg_stat_statements WHERE userid = 'gatehouse_app'::regrole`,
    )
    return { statements: Number(rows[0]?.calls) / REQUESTS, buffers: Number(rows[0]?.buffers) / REQUESTS }
  })
  // A connection tells what it has counted when it ends: what the preparation did is told and forgotten, then
  // connections of their own do what is counted.
  await questioner.stop()
  const again = await start()
  await withClient(database.superuserUrl, (client) => client.query('SELECT pg_stat_reset()'))
  await again.ask(REQUESTS)
  await again.stop()
  return { ...counted, indexes: await indexUse(database) }
}

/** Asks the product one of the operations by GraphQL or REST. */
export async function operationQuestioner(
  database: BenchDatabase,
  makeOperation: (product: Contestant) => Promise<Operation>,
): Promise<Questioner> {
  const product = await Contestant.product(database)
  const operation = await makeOperation(product)
  return {
    async ask(count) {
      for (const request of spread(operation.product, count)) await product.ask(unique(request))
    },
    stop: () => product.stop(),
  }
}

/** How much of `large` more than of `small`, apart from the pages of taller trees. */
export function bufferGrowth(small: StatementCost, large: StatementCost): number {
  return (large.buffers - pagesOfTallerTrees(small, large)) / small.buffers
}

/** Pages that an operation looks at only because the trees of a larger database are taller. */
export function pagesOfTallerTrees(small: StatementCost, large: StatementCost): number {
  let pages = 0
  // A table of one page is read without its index: then the whole way down is new.
  for (const [name, { walks, height }] of large.indexes)
    pages += walks * (height - (small.indexes.get(name)?.height ?? 0))
  return pages
}

async function indexUse(database: BenchDatabase): Promise<Map<string, IndexUse>> {
  return withClient(database.superuserUrl, async (client) => {
    while ((await client.query(`SELECT FROM pg_stat_activity WHERE usename = 'gatehouse_app'`)).rowCount !== 0) continue
    const { rows } = await client.query<{ name: string; walks: string; height: number }>(
      `SELECT i.indexrelname AS name, i.idx_scan + t.n_tup_ins + t.n_tup_upd - t.n_tup_hot_upd AS walks,
         (SELECT level + 1 FROM bt_metap(i.indexrelname::text)) AS height
       FROM pg_stat_user_indexes i
       JOIN pg_stat_user_tables t USING (relid)
       JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree'
       WHERE i.schemaname = 'public' AND i.idx_scan + t.n_tup_ins + t.n_tup_upd - t.n_tup_hot_upd >= $1`,
      [REQUESTS / 2],
    )
    return new Map(rows.map(({ name, walks, height }) => [name, { walks: Number(walks) / REQUESTS, height }]))
  })
}

/** As many requests as asked for, evenly from the whole list: it is sorted by kind. */
function spread(requests: readonly LoadRequest[], count: number): LoadRequest[] {
  return Array.from({ length: count }, (_, index) => requests[Math.floor((index * requests.length) / count)]!)
}
