import type { Database, Scope, Transaction } from '../../src/platform/database'

/**
 * The plan that PostgreSQL chooses for the first statement of a store's function, in the scope and under the policies in
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
    const [{ name, text }, values] = asked[0]!
    const plan = await query<{ 'QUERY PLAN': string }>({ name: `explain-${name}`, text: `EXPLAIN ${text}` }, values)
    return plan.map((line) => line['QUERY PLAN']).join('\n')
  })
}
