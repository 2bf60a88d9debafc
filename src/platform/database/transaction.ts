import type { PoolClient, QueryResult } from 'pg'
import type { DataSource, EntityManager } from 'typeorm'
import { NamedQuery } from './named-query'
import { askTogether, sendGathered } from './one-packet'
import { KEPT_PLAN } from './read-packet'
import { RefusedValues } from './refused-value'
import { type Scope, scopeStatements } from './scope'
import type { SharedTrips } from './shared-trips'
import type { Statement } from './statement'

type Ask = (statement: Statement, values: readonly unknown[]) => Promise<QueryResult>

/** Where an open transaction takes place. */
interface Opened {
  readonly client: PoolClient
  readonly dataSource: DataSource
}

/** One open transaction. Stores take it; nobody keeps it beyond the call that was given it. */
export class Transaction {
  readonly #on: Opened | null
  readonly #ask: Ask
  readonly #refusedValues = new RefusedValues()
  #entities: EntityManager | null = null
  #scope: Scope
  #last: Promise<unknown> | null = null
  #cancelled: Error | null = null
  #isCommitting = false

  /**
   * @param on  the connection it was begun on; null when each statement is read at once, in a transaction of its own
   * @param scope  in which it was begun
   * @param ask  how a statement goes out
   */
  private constructor(on: Opened | null, scope: Scope, ask: Ask) {
    this.#on = on
    this.#scope = scope
    this.#ask = ask
  }

  /** @param dataSource  through which TypeORM sees the connection */
  static begunOn(client: PoolClient, dataSource: DataSource, scope: Scope): Transaction {
    return new Transaction({ client, dataSource }, scope, (statement, values) => askOn(client, statement, values))
  }

  /** For reading at once, by named statements alone: each is a transaction of its own. */
  static ofTrips(trips: SharedTrips, scope: Scope): Transaction {
    return new Transaction(null, scope, (statement, values) => trips.ask(scope, statement, values))
  }

  get #opened(): Opened {
    if (this.#on) return this.#on
    throw new Error('What is read at once is read by named statements, and nothing else')
  }

  /** For what is said to it directly, behind what was asked so far. */
  get #client(): PoolClient {
    const { client } = this.#opened
    sendGathered(client)
    return client
  }

  /** TypeORM's view of the same connection, for plain inserts and updates through the entities; made when it is asked for. */
  get entities(): EntityManager {
    this.#entities ??= this.#entitiesOf(this.#opened)
    return this.#entities
  }

  #entitiesOf({ dataSource, client }: Opened): EntityManager {
    const runner = dataSource.createQueryRunner()
    // It never takes a connection of its own, and so has none to release.
    runner.connect = async () => client
    // Everything TypeORM says to the database passes through here.
    const query = runner.query.bind(runner)
    runner.query = (...statement: Parameters<typeof query>) => {
      if (this.#cancelled) return Promise.reject(this.#cancelled)
      sendGathered(client)
      return this.#translating(query(...statement))
    }
    return runner.manager
  }

  /**
   * Runs one prepared statement and returns its rows, columns as PostgreSQL names them.
   * @throws INVALID  when a value cannot be one of its type, as through `entities`
   */
  async query<Row>(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.#run(statement, values)
    return result.rows as Row[]
  }

  /** Like `query`, and returns how many rows were touched. */
  async execute(statement: Statement, values: readonly unknown[] = []): Promise<number> {
    const result = await this.#run(statement, values)
    return result.rowCount ?? 0
  }

  /** Goes on in another scope, with everything that is asked from now on. */
  enter(scope: Scope): void {
    this.#scope = scope
    // When it fails, so does whatever follows in the transaction.
    this.#client.query(scopeStatements(scope)).catch(() => {})
  }

  /** Lets statements that take lists run by the plan that is kept, see `Statement.keepsPlan`; for the rest of the transaction. */
  keepPlans(): void {
    this.#client.query(KEPT_PLAN).catch(() => {})
  }

  /** Has each statement planned for the values that it gets, for the rest of the transaction: dear, and right for long lists. */
  planAnew(): void {
    this.#client.query('SET LOCAL plan_cache_mode TO force_custom_plan').catch(() => {})
  }

  /**
   * Like `query`, for one statement in an organization that is not the transaction's: what the holder of a secret of that
   * organization is shown, such as the invitation behind a link, wherever else they are signed in. The three messages
   * leave in one turn, so that no other statement of the transaction comes between them.
   */
  async queryIn<Row>(organizationId: string, statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    const scope = this.#scope
    const isBounded = scope.kind === 'installation'
    const there = scopeStatements({ kind: 'organization', organizationId })
    const [, result] = await Promise.all([
      this.#client.query(isBounded ? `SET LOCAL ROLE NONE; ${there}` : there),
      this.#run(statement, values),
      this.#client.query(scopeStatements(scope)),
    ])
    return result.rows as Row[]
  }

  /**
   * Runs `work` under the installation's narrow policies inside this transaction: for consequences that cross
   * organizations, such as ending the sessions of a disabled account everywhere.
   */
  async asInstallation<T>(work: () => Promise<T>): Promise<T> {
    await this.#client.query('SET LOCAL ROLE gatehouse_operator')
    const result = await work()
    await this.#client.query('SET LOCAL ROLE NONE')
    return result
  }

  /**
   * Lets the COMMIT leave right behind what has been asked, without waiting for its answer: locks are held for one trip
   * to the database less. When `last` fails, so does the transaction, with its error.
   */
  commitWith(last: Promise<unknown>): void {
    // Whoever commits looks at it; nobody does when the transaction fails before that.
    last.catch(() => {})
    this.#last = last
  }

  /** What must have succeeded when the transaction is committed; null: nothing is under way. */
  get last(): Promise<unknown> | null {
    return this.#last
  }

  /**
   * Lets nothing more be asked, and nothing of it be kept. What PostgreSQL is working on ends by itself.
   * @returns  false when it is too late, because it is being committed
   */
  cancel(reason: Error): boolean {
    if (!this.#isCommitting) this.#cancelled = reason
    return !this.#isCommitting
  }

  /** From here on nothing is sent for it: whoever went on asking would speak in the transaction of somebody else. */
  end(): void {
    this.#cancelled ??= new Error('The transaction has ended')
  }

  /** From here on it cannot be cancelled. @throws  the reason for which it was */
  beginToCommit(): void {
    if (this.#cancelled) throw this.#cancelled
    this.#isCommitting = true
  }

  #run(statement: Statement, values: readonly unknown[]): Promise<QueryResult> {
    if (this.#cancelled) return Promise.reject(this.#cancelled)
    return this.#translating(this.#ask(statement, values))
  }

  #translating<Result>(answer: Promise<Result>): Promise<Result> {
    return answer.catch((error: unknown) => {
      // Where it was asked says more than which socket answered.
      if (error instanceof Error) Error.captureStackTrace(error)
      throw this.#refusedValues.translate(error)
    })
  }
}

function askOn(client: PoolClient, statement: Statement, values: readonly unknown[]): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    askTogether(client, new NamedQuery(statement, values, (error, result) => (error ? reject(error) : resolve(result))))
  })
}
