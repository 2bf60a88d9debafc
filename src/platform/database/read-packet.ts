import { type Connection, Query } from 'pg'
import { type NamedQuery, notePrepared } from './named-query'
import { withoutSync } from './silenced-connection'

/** What pg's connection does on the wire; its typings leave it out. */
interface WireConnection extends Connection {
  parse(statement: { name: string; text: string }): void
  bind(parameters: { statement?: string }): void
  execute(portal: object): void
  sync(): void
}

// pg lets nothing but queries of its own leave without waiting for each other.
const WireQuery = Query as unknown as new (text: string, values: readonly unknown[], callback: () => void) => object

/** Which of the frame's own statements a connection has prepared. */
const prepared = new WeakMap<Connection, Set<string>>()

/** Lists of one value would be planned anew each time: for them PostgreSQL finds the kept plan too expensive. */
export const KEPT_PLAN = 'SET LOCAL plan_cache_mode TO force_generic_plan'

const BOUNDED = [`SET LOCAL statement_timeout TO '4s'`, 'SET LOCAL jit TO off']

/** What statements want around them, as in `Statement`. */
interface Demands {
  readonly keepsPlan: boolean
  readonly isCostly: boolean
}

/**
 * Prepared statements in a read-only transaction of their own, as pg runs a query. BEGIN, the scope, the statements and
 * COMMIT leave in one packet, and since there is a single Sync behind them, their answers come back in one as well. When
 * one fails, PostgreSQL passes over the rest, all are told, and nobody shall be given the connection again: pg may take
 * for prepared what was not.
 */
export class ReadPacket extends WireQuery {
  readonly #frame: readonly string[]
  /** In the order in which they are answered. */
  readonly queries: readonly NamedQuery[]
  readonly #ended: (error: Error | null) => void
  #answered = 0

  /**
   * @param opening  enters the scope
   * @param ended  told once, behind those who asked
   */
  constructor(
    opening: string,
    queries: readonly NamedQuery[],
    { keepsPlan, isCostly }: Demands,
    ended: (error: Error | null) => void,
  ) {
    super('', [], () => {})
    this.#frame = [opening, ...(keepsPlan ? [KEPT_PLAN] : []), ...(isCostly ? BOUNDED : [])]
    this.queries = queries
    this.#ended = ended
  }

  submit(connection: Connection): void {
    const wire = connection as WireConnection
    connection.stream.cork()
    try {
      sendPrepared(wire, 'BEGIN READ ONLY')
      for (const text of this.#frame) send(wire, text)
      for (const query of this.queries) query.prepare(withoutSync(wire))
      sendPrepared(wire, 'COMMIT')
      wire.sync()
    } finally {
      connection.stream.uncork()
    }
  }

  handleRowDescription(message: Parameters<NamedQuery['handleRowDescription']>[0]): void {
    this.queries[this.#answered]!.handleRowDescription(message)
  }

  handleDataRow(message: Parameters<NamedQuery['handleDataRow']>[0]): void {
    this.queries[this.#answered]!.handleDataRow(message)
  }

  /** The frame answers too; what it answers is nobody's concern unless it is an error. */
  handleCommandComplete(message: Parameters<NamedQuery['handleCommandComplete']>[0], connection: Connection): void {
    if (!message.text.startsWith('SELECT')) return
    this.queries[this.#answered]!.handleCommandComplete(message, connection)
    this.#answered += 1
  }

  handleReadyForQuery(connection: Connection): void {
    // Before anybody is told: they may have been taken for those of others.
    if (this.#answered !== this.queries.length) return this.handleError(new Error('Answers are missing'), connection)
    for (const query of this.queries) {
      // pg knows of it where a query leaves by itself; it would else prepare once more what fails later in a transaction.
      notePrepared(connection, query)
      query.handleReadyForQuery(connection)
    }
    this.#ended(null)
  }

  handleError(error: Error, connection: Connection): void {
    for (const query of this.queries) query.handleError(error, connection)
    this.#ended(error)
  }
}

function send(connection: WireConnection, text: string): void {
  connection.parse({ name: '', text })
  connection.bind({})
  connection.execute({})
}

/** Parses a text once per connection; its name is the text itself. */
function sendPrepared(connection: WireConnection, text: string): void {
  const known = prepared.get(connection) ?? new Set()
  prepared.set(connection, known)
  if (!known.has(text)) connection.parse({ name: text, text })
  known.add(text)
  connection.bind({ statement: text })
  connection.execute({})
}
