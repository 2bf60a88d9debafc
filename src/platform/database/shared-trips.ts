import type { PoolClient, QueryResult, Submittable } from 'pg'
import { Gatherings } from '../gatherings'
import { mergeQueries } from './merged-query'
import { NamedQuery } from './named-query'
import { ReadPacket } from './read-packet'
import { type Scope, scopeStatements } from './scope'
import type { Statement } from './statement'

/** Where connections come from, and go back to: with a failure, nobody is given the connection again. */
export interface Connections {
  /** @throws UNAVAILABLE  none is free within 5 seconds, or none can be made */
  take(): Promise<PoolClient>
  giveBack(client: PoolClient, failure?: Error): void
}

/** A statement that somebody waits for. */
interface Asked {
  readonly statement: Statement
  readonly values: readonly unknown[]
  readonly resolve: (result: QueryResult) => void
  readonly reject: (error: Error) => void
}

// With more, the first would wait long for the last.
const MOST_TOGETHER = 32
// Less than for writes: whoever asks for what takes a millisecond or two loses more by waiting.
const PATIENCE_MILLISECONDS = 2

/**
 * Reads statements at once, each in one trip to the database. Those that share trips leave together with what else is
 * asked in their scope while a trip is under way: under load, a packet, a transaction and a connection serve many of them.
 * Each sees all that was committed before it was asked. Where one fails, the others are asked again, alone.
 */
export class SharedTrips {
  /** By the statement that opens a scope. */
  readonly #gatherings = new Gatherings<Asked>({
    mostTogether: MOST_TOGETHER,
    patienceMilliseconds: PATIENCE_MILLISECONDS,
    run: (opening, all) => this.#send(opening, all),
  })

  constructor(private readonly connections: Connections) {}

  /** @throws  what PostgreSQL says, as pg puts it; UNAVAILABLE */
  ask(scope: Scope, statement: Statement, values: readonly unknown[]): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      const opening = scopeStatements(scope)
      const asked = { statement, values, resolve, reject }
      if (statement.sharesTrip) this.#gatherings.join(opening, asked)
      else void this.#send(opening, [asked])
    })
  }

  /** Resolves when the trip has ended, whatever came of it. */
  async #send(opening: string, all: readonly Asked[]): Promise<void> {
    const client = await this.connections.take().catch((error: Error) => {
      for (const { reject } of all) reject(error)
    })
    if (!client) return
    await new Promise<void>((resolve) => {
      const queries = all.map((asked) => this.#queryOf(opening, asked, all.length === 1))
      const packet = new ReadPacket(opening, mergeQueries(queries), demandsOf(all), (failure) => {
        this.connections.giveBack(client, failure ?? undefined)
        resolve()
      })
      client.query(packet as unknown as Submittable)
    })
  }

  #queryOf(opening: string, asked: Asked, isAlone: boolean): NamedQuery {
    return new NamedQuery(asked.statement, asked.values, (error, result) => {
      if (!error) asked.resolve(result)
      else if (isAlone) asked.reject(error)
      else void this.#send(opening, [asked])
    })
  }
}

function demandsOf(all: readonly Asked[]) {
  return {
    keepsPlan: all.some(({ statement }) => statement.keepsPlan ?? (all.length > 1 && statement.many)),
    isCostly: all.some(({ statement }) => statement.isCostly),
  }
}
