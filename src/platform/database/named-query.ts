import { type Connection, Query, type QueryResult } from 'pg'
import { withoutDescribe } from './silenced-connection'
import type { ManyStatement, Statement } from './statement'
import { getTypeParser } from './type-parsers'

type Read = (text: string) => unknown

/** The columns that a statement answers with on one connection. */
interface Layout {
  readonly names: readonly string[]
  /** Null where the text is the value. */
  readonly readers: readonly (Read | null)[]
  readonly empty: Readonly<Record<string, unknown>>
}

/** What pg's query does on the wire; its typings leave it out. */
interface WireQuery {
  name: string
  readonly text: string
  readonly values: readonly unknown[]
  readonly _result: { rows: unknown[]; command: string | null; rowCount: number | null }
  _canceledDueToError: unknown
  prepare(connection: Connection): void
  handleCommandComplete(message: { readonly text: string }, connection: Connection): void
  handleError(error: Error, connection: Connection): void
  handleReadyForQuery(connection: Connection): void
}
interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
}

/** How pg knows what a connection has prepared; its typings leave it out. */
interface PreparingConnection extends Connection {
  /** Texts of what is prepared, by name: one object, whatever view of the connection is asked. */
  readonly parsedStatements: Record<string, string>
  /** The same of what was sent to be prepared. */
  readonly submittedNamedStatements: Record<string, string>
  close(statement: { type: 'S'; name: string }): void
}

/** Told once, when the answer is complete. */
type Answered = (error: Error | null, result: QueryResult) => void

const WireQuery = Query as unknown as new (text: string, values: readonly unknown[], answered: Answered) => WireQuery

/** By what a connection has prepared. */
const layouts = new WeakMap<object, Map<string, Layout>>()
/** Names of statements that failed when they were to be prepared too: they may be, or not. */
const doubtful = new WeakMap<object, Set<string>>()
// text, varchar, uuid
const TEXTS: ReadonlySet<number> = new Set([25, 1043, 2950])

/**
 * A prepared statement that asks only the first time what columns it answers with. PostgreSQL refuses to run a
 * statement whose columns have changed since it was prepared, so what a connection was told once stays true. One without
 * a name is planned and described each time.
 */
export class NamedQuery extends WireQuery {
  #connection: PreparingConnection | null = null
  #layout: Layout | undefined
  #hasFailed = false

  /** How it is run with others as one; undefined: it is not. */
  readonly many: ManyStatement | undefined

  constructor(
    { name, text, many }: Pick<Statement, 'name' | 'text' | 'many'>,
    values: readonly unknown[],
    answered: Answered,
  ) {
    // pg copies a statement that is given as an object property by property, which costs as much as writing it.
    super(text, values, answered)
    this.name = name
    this.many = many
  }

  /** Answers it with what was found by another, in whose stead it did not run. */
  answerWith(command: string | null, rows: unknown[], connection: Connection): void {
    Object.assign(this._result, { command, rows, rowCount: rows.length })
    this.handleReadyForQuery(connection)
  }

  /** Whether it was told of an error: right behind `prepare`, that its values cannot be written, and it has not left. */
  get hasFailed(): boolean {
    return this.#hasFailed
  }

  override prepare(connection: Connection): void {
    const wire = connection as PreparingConnection
    this.#connection = wire
    // PostgreSQL refuses to prepare a name twice, and closes one that it does not know without a word.
    if (doubtful.get(wire.parsedStatements)?.delete(this.name)) wire.close({ type: 'S', name: this.name })
    this.#layout = this.name ? layouts.get(wire.parsedStatements)?.get(this.name) : undefined
    super.prepare(this.#layout ? withoutDescribe(connection) : connection)
  }

  override handleError(error: Error, connection: Connection): void {
    this.#hasFailed = true
    super.handleError(error, connection)
  }

  handleRowDescription({ fields }: RowDescription): void {
    const layout = layoutOf(fields)
    this.#layout = layout
    if (!this.name) return
    const { parsedStatements } = this.#connection!
    const known = layouts.get(parsedStatements)
    if (known) known.set(this.name, layout)
    else layouts.set(parsedStatements, new Map([[this.name, layout]]))
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (this._canceledDueToError) return
    try {
      this._result.rows.push(rowOf(this.#layout!, fields))
    } catch (error) {
      this._canceledDueToError = error
    }
  }
}

/** Tells pg that a statement is prepared, which it cannot know of those that leave in a packet: it would prepare it once more. */
export function notePrepared(connection: Connection, { name, text }: NamedQuery): void {
  if (name) (connection as PreparingConnection).parsedStatements[name] = text
}

/** Tells pg that a statement is not prepared any more. */
export function forgetPrepared(connection: Connection, { name }: NamedQuery): void {
  const { parsedStatements, submittedNamedStatements } = connection as PreparingConnection
  delete parsedStatements[name]
  delete submittedNamedStatements[name]
}

/** Tells pg that it is not known whether a statement that has failed in a packet was prepared by it; those known before stay so. */
export function doubtPrepared(connection: Connection, query: NamedQuery): void {
  const { name } = query
  const { parsedStatements } = connection as PreparingConnection
  if (!name || parsedStatements[name] !== undefined) return
  forgetPrepared(connection, query)
  const known = doubtful.get(parsedStatements)
  if (known) known.add(name)
  else doubtful.set(parsedStatements, new Set([name]))
}

function layoutOf(fields: RowDescription['fields']): Layout {
  return {
    names: fields.map(({ name }) => name),
    readers: fields.map(({ dataTypeID }) => (TEXTS.has(dataTypeID) ? null : (getTypeParser(dataTypeID) as Read))),
    empty: Object.fromEntries(fields.map(({ name }) => [name, null])),
  }
}

function rowOf({ names, readers, empty }: Layout, values: readonly (string | null)[]): Record<string, unknown> {
  // A pooler in between may have prepared it again, on a connection that knows another schema.
  if (values.length !== names.length) throw new Error('The columns of a statement have changed; restart the process')
  const row = { ...empty }
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!
    if (value === null) continue
    const read = readers[index]
    row[names[index]!] = read ? read(value) : value
  }
  return row
}
