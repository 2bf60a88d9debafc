import type { Database, Scope, Transaction } from '../../src/platform/database'
import { eventually } from './eventually'
import type { Gatehouse } from './gatehouse'

/**
 * The plan that PostgreSQL chooses for the last statement of a store's function, in the scope and under the policies in
 * which it runs. Analyze the tables before: an empty one is always read from end to end.
 */
export async function planOf(
  database: Database,
  scope: Scope,
  work: (tx: Transaction) => Promise<unknown>,
): Promise<string> {
  return database.write(scope, async (tx) => {
    const query = tx.query.bind(tx)
    const asked: Parameters<typeof query>[] = []
    tx.query = async (statement, values) => {
      asked.push([statement, values])
      return query(statement, values)
    }
    await work(tx)
    const [{ name, text }, values] = asked.at(-1)!
    const plan = await query<{ 'QUERY PLAN': string }>({ name: `explain-${name}`, text: `EXPLAIN ${text}` }, values)
    return plan.map((line) => line['QUERY PLAN']).join('\n')
  })
}

/** Makes the planner know a table that was filled a moment ago, and its rows visible to scans of an index alone. */
export async function settle({ superuser }: Pick<Gatehouse, 'superuser'>, table: string): Promise<void> {
  await eventually(`a settled ${table}`, async () => {
    await superuser.rows(`VACUUM ANALYZE ${table}`)
    // Nothing is visible to all while any older transaction of the database is still at its end.
    const [row] = await superuser.rows<{ settled: boolean }>(
      'SELECT relallvisible >= relpages - 1 AS settled FROM pg_class WHERE oid = $1::regclass',
      [table],
    )
    return row!.settled || null
  })
}
