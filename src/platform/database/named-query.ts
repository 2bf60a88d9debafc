import { type Connection, Query, type QueryResult } from 'pg'
import { leavingOut } from './silenced-connection'
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
  readonly _result: { readonly rows: unknown[] }
  _canceledDueToError: unknown
  prepare(connection: Connection): void
  handleCommandComplete(message: { readonly text: string }, connection: Connection): void
  handleError(error: Error, connection: Connection): void
  handleReadyForQuery(connection: Connection): void
}
interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
}

/** Told once, when the answer is complete. */
type Answered = (error: Error | null, result: QueryResult) => void

const WireQuery = Query as unknown as new (text: string, values: readonly unknown[], answered: Answered) => WireQuery

const layouts = new WeakMap<Connection, Map<string, Layout>>()
// What the columns are is not asked where it is known.
const withoutDescribe = leavingOut('describe')
// text, varchar, uuid
const TEXTS: ReadonlySet<number> = new Set([25, 1043, 2950])

/**
 * A prepared statement that asks only the first time what columns it answers with. PostgreSQL refuses to run a
 * statement whose columns have changed since it was prepared, so what a connection was told once stays true. One without
 * a name is planned and described each time.
 */
export class NamedQuery extends WireQuery {
  #connection: Connection | null = null
  #layout: Layout | undefined

  constructor({ name, text }: { name: string; text: string }, values: readonly unknown[], answered: Answered) {
    // pg copies a statement that is given as an object property by property, which costs as much as writing it.
    super(text, values, answered)
    this.name = name
  }

  override prepare(connection: Connection): void {
    this.#connection = connection
    this.#layout = this.name ? layouts.get(connection)?.get(this.name) : undefined
    super.prepare(this.#layout ? withoutDescribe(connection) : connection)
  }

  handleRowDescription({ fields }: RowDescription): void {
    const layout = layoutOf(fields)
    this.#layout = layout
    if (!this.name) return
    const known = layouts.get(this.#connection!)
    if (known) known.set(this.name, layout)
    else layouts.set(this.#connection!, new Map([[this.name, layout]]))
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
