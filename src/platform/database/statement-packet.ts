import { type Connection, DatabaseError, Query } from 'pg'
import { mergeQueries } from './merged-query'
import { doubtPrepared, forgetPrepared, type NamedQuery, notePrepared } from './named-query'
import { withoutSync } from './silenced-connection'

// pg lets nothing but queries of its own leave without waiting for each other.
const WireQuery = Query as unknown as new (text: string, values: readonly unknown[], callback: () => void) => object

/**
 * Prepared statements of an open transaction that were asked in one turn of the event loop, as pg runs a query. Since there
 * is a single Sync behind them, PostgreSQL answers them in one packet: it sends once and we wake up once. Each is run, and
 * sees what was committed before it, as if it had been sent by itself. When one fails, PostgreSQL passes over the rest.
 */
export class StatementPacket extends WireQuery {
  #queries: NamedQuery[] = []
  #answered = 0

  constructor() {
    super('', [], () => {})
  }

  /** In the order in which they are answered. */
  get queries(): readonly NamedQuery[] {
    return this.#queries
  }

  add(query: NamedQuery): void {
    this.#queries.push(query)
  }

  submit(connection: Connection): void {
    connection.stream.cork()
    try {
      this.#queries = mergeQueries(this.#queries).filter((query) => prepare(query, connection))
      ;(connection as Connection & { sync(): void }).sync()
    } finally {
      connection.stream.uncork()
    }
  }

  get #current(): NamedQuery {
    return this.#queries[this.#answered]!
  }

  handleRowDescription(message: Parameters<NamedQuery['handleRowDescription']>[0]): void {
    this.#current.handleRowDescription(message)
  }

  handleDataRow(message: Parameters<NamedQuery['handleDataRow']>[0]): void {
    this.#current.handleDataRow(message)
  }

  handleCommandComplete(message: Parameters<NamedQuery['handleCommandComplete']>[0], connection: Connection): void {
    const query = this.#current
    query.handleCommandComplete(message, connection)
    this.#answered += 1
    notePrepared(connection, query)
  }

  handleReadyForQuery(connection: Connection): void {
    for (const query of this.#queries) query.handleReadyForQuery(connection)
  }

  handleError(error: Error, connection: Connection): void {
    const [done, [failed, ...left]] = [this.#queries.slice(0, this.#answered), this.#queries.slice(this.#answered)]
    for (const query of done) query.handleReadyForQuery(connection)
    for (const query of this.#queries.slice(this.#answered)) doubtPrepared(connection, query)
    failed?.handleError(error, connection)
    const passedOver = error instanceof DatabaseError ? aborted() : error
    for (const query of left) query.handleError(passedOver, connection)
  }
}

/** @returns  false when its values cannot be written: it was told so, and has not left */
function prepare(query: NamedQuery, connection: Connection): boolean {
  query.prepare(withoutSync(connection))
  // pg has closed it then.
  if (query.hasFailed) forgetPrepared(connection, query)
  return !query.hasFailed
}

/** What PostgreSQL says of statements behind one that failed, when they are sent by themselves. */
function aborted(): DatabaseError {
  const error = new DatabaseError(
    'current transaction is aborted, commands ignored until end of transaction block',
    0,
    'error',
  )
  error.code = '25P02'
  return error
}
