import type { Connection } from 'pg'
import { NamedQuery } from './named-query'
import type { ManyStatement } from './statement'

/** Several queries of one statement, run as one (`Statement.many`); each of them is answered its own rows. */
export class MergedQuery extends NamedQuery {
  readonly #queries: readonly NamedQuery[]

  constructor(many: ManyStatement, queries: readonly NamedQuery[]) {
    super(many, mergedValues(many, queries), () => {})
    this.#queries = queries
  }

  override handleReadyForQuery(connection: Connection): void {
    if (this._canceledDueToError) return this.handleError(this._canceledDueToError as Error, connection)
    const { command, rows } = this._result
    const own = this.#queries.map((): Record<string, unknown>[] => [])
    for (const { n, ...row } of rows as { n: number }[]) own[n - 1]!.push(row)
    for (const [index, query] of this.#queries.entries()) query.answerWith(command, own[index]!, connection)
  }

  override handleError(error: Error, connection: Connection): void {
    super.handleError(error, connection)
    for (const query of this.#queries) query.handleError(error, connection)
  }
}

/** The same queries, in their order; those that can be run as one are, in the place of the first. */
export function mergeQueries(queries: readonly NamedQuery[]): NamedQuery[] {
  const groups: NamedQuery[][] = []
  for (const query of queries) {
    const group = query.many && groups.find(([first]) => isAlike(first!, query))
    if (group) group.push(query)
    else groups.push([query])
  }
  return groups.map((group) => (group.length > 1 ? new MergedQuery(group[0]!.many!, group) : group[0]!))
}

/** Whether both are one statement, and differ in what its other form takes as lists alone. */
function isAlike(one: NamedQuery, other: NamedQuery): boolean {
  if (one.name !== other.name || !one.many) return false
  const { lists } = one.many
  return one.values.every((value, index) => lists.includes(index) || isSame(value, other.values[index]))
}

function isSame(one: unknown, other: unknown): boolean {
  return Buffer.isBuffer(one) ? Buffer.isBuffer(other) && one.equals(other) : one === other
}

function mergedValues({ lists }: ManyStatement, queries: readonly NamedQuery[]): unknown[] {
  return queries[0]!.values.map((value, index) =>
    lists.includes(index) ? queries.map(({ values }) => values[index]) : value,
  )
}
