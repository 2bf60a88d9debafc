import { type BenchDatabase, withClient } from './cluster'
import type { Contestant } from './contestant'
import { type LoadRequest, type Operation, UNIQUE } from './operations'

/** What one operation asks of PostgreSQL, on average. */
export interface StatementCost {
  /** Beside BEGIN, SET and COMMIT. */
  readonly statements: number
  /** 8 kB pages looked at, in memory or on disk. */
  readonly buffers: number
}

const REQUESTS = 40

/** Sends some requests one after the other and asks pg_stat_statements what they did. */
export async function statementCost(
  operation: Operation,
  product: Contestant,
  database: BenchDatabase,
): Promise<StatementCost> {
  // Every connection plans a named statement five times before it keeps a plan.
  for (const request of spread(operation.product, REQUESTS)) await product.ask(unique(request))
  return withClient(database.superuserUrl, async (client) => {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements')
    await client.query('SELECT pg_stat_statements_reset()')
    for (const request of spread(operation.product, REQUESTS)) await product.ask(unique(request))
    const { rows } = await client.query<{ calls: string; buffers: string }>(
      `SELECT coalesce(sum(calls), 0) AS calls, coalesce(sum(shared_blks_hit + shared_blks_read), 0) AS buffers
       FROM pg_stat_statements WHERE userid = 'gatehouse_app'::regrole`,
    )
    return { statements: Number(rows[0]?.calls) / REQUESTS, buffers: Number(rows[0]?.buffers) / REQUESTS }
  })
}

/** As many requests as asked for, evenly from the whole list: it is sorted by kind. */
function spread(requests: readonly LoadRequest[], count: number): LoadRequest[] {
  return Array.from({ length: count }, (_, index) => requests[Math.floor((index * requests.length) / count)]!)
}

function unique(request: LoadRequest): LoadRequest {
  return { ...request, body: request.body.replaceAll(UNIQUE, `${process.hrtime.bigint()}`) }
}
