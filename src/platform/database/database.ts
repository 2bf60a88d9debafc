import { isNativeError } from 'node:util/types'
import { DatabaseError, type Pool, type PoolClient } from 'pg'
import { DataSource, type MixedList } from 'typeorm'
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver'
import { AppError } from '../../kernel/errors'
import { gatherPacket, sendGathered } from './one-packet'
import { KEPT_PLAN } from './read-packet'
import { sqlState } from './refused-value'
import { type Scope, scopeStatements } from './scope'
import { SharedTrips } from './shared-trips'
import { Transaction } from './transaction'
import { getTypeParser } from './type-parsers'

export interface DatabaseOptions {
  /** `postgres://…` of the application role; it must not be able to bypass row-level security. */
  url: string
  entities: MixedList<new () => object>
  /** Connections of this process, 1..; default 10. */
  poolSize?: number
}

/** The only door to the database: every statement runs inside a transaction with a scope. */
export interface Database {
  /**
   * Runs `work` in a read-write transaction and commits. A serialization failure or deadlock runs `work` again as a
   * whole, at most 3 times, so `work` must not have effects outside the transaction.
   * @throws UNAVAILABLE  when the database cannot be reached or has no free connection within 5 seconds
   */
  write<T>(scope: Scope, work: (tx: Transaction) => Promise<T>, options?: WriteOptions): Promise<T>
  /** Opens a read-only transaction that lives until `close`; used once per GraphQL operation. */
  openReader(scope: Scope): Promise<Reader>
  /**
   * Reads without a transaction around it: each statement of `work` is one of its own, with the scope, and one trip to
   * the database, which those that say so share with others. For what asks little and often.
   * @throws UNAVAILABLE  as `write`
   */
  readAtOnce<T>(scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T>
  /** True when a statement can be answered right now. */
  isReachable(): Promise<boolean>
  /** Connections of this process right now, and callers that wait for one. */
  poolSizes(): PoolSizes
  close(): Promise<void>
  readonly dataSource: DataSource
}

export interface WriteOptions {
  /** Statements that take lists run by the plan that is kept, see `Statement.keepsPlan`. */
  readonly keepsPlans?: boolean
}

export interface PoolSizes {
  readonly total: number
  readonly idle: number
  readonly waiting: number
}

export interface Reader {
  readonly tx: Transaction
  /** Goes on inside one organization; only for a reader that was opened on the account side. */
  enter(organizationId: string): void
  close(): Promise<void>
}

// serialization_failure, deadlock_detected, lock_not_available: nothing was done, so the whole work may run again.
const RETRYABLE = new Set(['40001', '40P01', '55P03'])
const ATTEMPTS = 3

/** Connects to PostgreSQL. Rejects when the database cannot be reached. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const dataSource = await new DataSource({
    type: 'postgres',
    url: options.url,
    entities: options.entities,
    installExtensions: false,
    synchronize: false,
    poolSize: options.poolSize ?? 10,
    extra: {
      connectionTimeoutMillis: 5_000,
      // A new connection prepares every statement anew: pauses of a minute or two shall not cost that.
      idleTimeoutMillis: 300_000,
      statement_timeout: 10_000,
      idle_in_transaction_session_timeout: 15_000,
      application_name: 'gatehouse',
      // Statements of one connection leave without waiting for each other: parallel GraphQL fields share a transaction.
      pipeline: true,
      types: { getTypeParser },
    },
    poolErrorHandler: () => {},
  }).initialize()
  const pool = poolOf(dataSource)
  const trips = new SharedTrips({ take: () => take(pool), giveBack })

  return {
    dataSource,
    write: (scope, work, options = {}) => writeWithRetry(dataSource, scope, work, options),
    openReader: (scope) => openReader(dataSource, scope),
    readAtOnce: (scope, work) => readAtOnce(trips, scope, work),
    isReachable: () => dataSource.query('SELECT 1').then(Boolean, () => false),
    poolSizes: () => poolSizes(dataSource),
    close: () => dataSource.destroy(),
  }
}

function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as PostgresDriver).master as Pool
}

function poolSizes(dataSource: DataSource): PoolSizes {
  const { totalCount, idleCount, waitingCount } = poolOf(dataSource)
  return { total: totalCount, idle: idleCount, waiting: waitingCount }
}

async function writeWithRetry<T>(
  dataSource: DataSource,
  scope: Scope,
  work: (tx: Transaction) => Promise<T>,
  options: WriteOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await writeOnce(dataSource, scope, work, options)
    } catch (error) {
      const code = sqlState(error)
      if (attempt < ATTEMPTS && code && RETRYABLE.has(code)) continue
      throw asUnavailable(error)
    }
  }
}

async function writeOnce<T>(
  dataSource: DataSource,
  scope: Scope,
  work: (tx: Transaction) => Promise<T>,
  { keepsPlans }: WriteOptions,
): Promise<T> {
  // Made ahead of the connection, which nobody would give back if the scope is none.
  const opening = `BEGIN; ${scopeStatements(scope)}${keepsPlans ? `; ${KEPT_PLAN}` : ''}`
  const client = await take(poolOf(dataSource))
  let failure: Error | undefined
  const begun = begin(client, opening)
  const tx = Transaction.begunOn(client, dataSource, scope)
  try {
    const [result] = await Promise.all([work(tx), begun])
    tx.beginToCommit()
    sendGathered(client)
    const [{ command }] = await Promise.all([client.query('COMMIT'), tx.last])
    // PostgreSQL answers ROLLBACK to the COMMIT of a transaction in which a statement had failed.
    if (command !== 'COMMIT') throw new Error('The transaction was rolled back: an error inside it was swallowed')
    return result
  } catch (error) {
    tx.end()
    failure = await rollBack(client)
    throw error
  } finally {
    tx.end()
    giveBack(client, failure)
  }
}

async function openReader(dataSource: DataSource, scope: Scope): Promise<Reader> {
  const opening = `BEGIN READ ONLY; ${scopeStatements(scope)}`
  const client = await take(poolOf(dataSource))
  begin(client, opening).catch(() => {})
  const tx = Transaction.begunOn(client, dataSource, scope)
  return {
    tx,
    enter: (organizationId) => tx.enter({ kind: 'organization', organizationId }),
    close: async () => {
      sendGathered(client)
      const failure = await client.query('COMMIT').then(nothing, asFailure)
      giveBack(client, failure)
    },
  }
}

async function readAtOnce<T>(trips: SharedTrips, scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T> {
  try {
    return await work(Transaction.ofTrips(trips, scope))
  } catch (error) {
    throw asUnavailable(error)
  }
}

/** @throws UNAVAILABLE  no connection is free within 5 seconds, or none can be made */
async function take(pool: Pool): Promise<PoolClient> {
  const client = await pool.connect().catch((error: unknown) => {
    throw asUnavailable(error)
  })
  // Somebody must listen to a connection that breaks; the statements on it are told as well.
  client.on('error', nothing)
  return client
}

/** @param failure  why nobody shall be given the connection again; undefined when it is as good as new */
function giveBack(client: PoolClient, failure?: Error): void {
  client.off('error', nothing)
  client.release(failure)
}

/** Ends the open transaction behind the statements that may be under way. @returns  why that was not possible */
function rollBack(client: PoolClient): Promise<Error | undefined> {
  sendGathered(client)
  return client.query('ROLLBACK').then(nothing, asFailure)
}

function nothing(): undefined {}

function asFailure(error: Error): Error {
  return error
}

function begin(client: PoolClient, text: string): Promise<unknown> {
  gatherPacket(client)
  return client.query(text)
}

/**
 * The name of the constraint that refused a statement, or null when the error is of another kind. Stores translate
 * names to outcomes: `organization_slugs_pkey` means that the slug is taken.
 */
export function violatedConstraint(error: unknown): string | null {
  const cause = error instanceof Error && 'driverError' in error ? error.driverError : error
  return cause instanceof DatabaseError && cause.code?.startsWith('23') ? (cause.constraint ?? null) : null
}

/** Whether a statement was ended because it took longer than its transaction allows. */
export function isStatementTimeout(error: unknown): boolean {
  return sqlState(error) === '57014'
}

// Class 08 connection exception, 53 insufficient resources, 57P operator intervention, 57014 out of time; the rest is
// Node's and pg's own.
const UNREACHABLE = /^(?:08|53|57P|57014)|^E(?:CONNREFUSED|CONNRESET|PIPE|NOENT|TIMEDOUT)$/
const UNREACHABLE_TEXT = /timeout exceeded when trying to connect|Connection terminated|not queryable/

/** An error as callers may know it: UNAVAILABLE when the database went away or took too long, else what it was. */
export function asUnavailable(error: unknown): unknown {
  if (!isNativeError(error) || error instanceof AppError) return error
  const cause = 'driverError' in error && isNativeError(error.driverError) ? error.driverError : error
  const code = 'code' in cause ? String(cause.code) : ''
  if (!UNREACHABLE.test(code) && !UNREACHABLE_TEXT.test(cause.message)) return error
  return new AppError(
    'UNAVAILABLE',
    'The database is not available right now; try again in a moment.',
    { retryAfterSeconds: 5 },
    error,
  )
}
