import type { ClientBase, Connection } from 'pg'
import { type Answered, NamedQuery } from './named-query'
import { type Scope, scopeStatements } from './scope'

/** What pg's connection does on the wire; its typings leave it out. */
interface WireConnection extends Connection {
  parse(statement: { name: string; text: string }): void
  bind(parameters: { statement?: string }): void
  execute(portal: object): void
  sync(): void
}

/** Which of the frame's own statements a connection has prepared. */
const prepared = new WeakMap<Connection, Set<string>>()
const silent = new WeakMap<Connection, WireConnection>()
const failed = new WeakSet<Connection>()

/**
 * Whether a framed statement has failed on the connection of a client. pg takes the BEGIN that was parsed ahead of it for
 * the statement itself, and would never parse that again where it has failed to: nobody shall be given the connection.
 */
export function hasFailed(client: ClientBase): boolean {
  return failed.has((client as ClientBase & { connection: Connection }).connection)
}

/** Lists of one value would be planned anew each time: for them PostgreSQL finds the kept plan too expensive. */
export const KEPT_PLAN = 'SET LOCAL plan_cache_mode TO force_generic_plan'

const BOUNDED = [`SET LOCAL statement_timeout TO '4s'`, 'SET LOCAL jit TO off']

/** A statement, and what it wants around it. */
interface FramedStatement {
  readonly name: string
  readonly text: string
  readonly keepsPlan?: true
  readonly isCostly?: true
}

/**
 * A prepared statement in a read-only transaction of its own. BEGIN, the scope, the statement and COMMIT leave in one
 * packet, and since there is a single Sync behind them, their answers come back in one as well.
 */
export class FramedQuery extends NamedQuery {
  readonly #frame: readonly string[]

  constructor(scope: Scope, statement: FramedStatement, values: readonly unknown[], answered: Answered) {
    super(statement, values, answered)
    const { keepsPlan, isCostly } = statement
    const demands = [...(keepsPlan ? [KEPT_PLAN] : []), ...(isCostly ? BOUNDED : [])]
    this.#frame = [scopeStatements(scope), ...demands]
  }

  override prepare(connection: Connection): void {
    const wire = connection as WireConnection
    sendPrepared(wire, 'BEGIN READ ONLY')
    for (const text of this.#frame) send(wire, text)
    super.prepare(withoutSync(wire))
    sendPrepared(wire, 'COMMIT')
    wire.sync()
  }

  override handleError(error: Error, connection: Connection): void {
    failed.add(connection)
    super.handleError(error, connection)
  }

  /** The frame answers too; what it answers is nobody's concern unless it is an error. */
  override handleCommandComplete(message: { readonly text: string }, connection: Connection): void {
    if (message.text.startsWith('SELECT')) super.handleCommandComplete(message, connection)
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

/** The same connection for pg's own way of sending a statement, except that the end of the transaction is awaited. */
function withoutSync(connection: WireConnection): WireConnection {
  const known = silent.get(connection)
  if (known) return known
  const made = Object.create(connection, { sync: { value: () => {} } }) as WireConnection
  silent.set(connection, made)
  return made
}
