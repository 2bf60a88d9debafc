import type { PoolClient, QueryResult, Submittable } from 'pg'
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

/** What waits in one scope, and how many trips are under way in it. */
interface Queue {
  trips: number
  readonly waiting: Asked[]
}

// While PostgreSQL works on one, the process works on what the other has brought.
const MOST_TRIPS = 2
// With more, the first would wait long for the last.
const MOST_TOGETHER = 32

/**
 * Reads statements at once, each in one trip to the database. Those that share trips leave together with what else is
 * asked in their scope while a trip is under way: under load, a packet, a transaction and a connection serve many of them.
 * Each sees all that was committed before it was asked. Where one fails, the others are asked again, alone.
 */
export class SharedTrips {
  /** By the statement that opens a scope, while something is under way in it. */
  readonly #queues = new Map<string, Queue>()

  constructor(private readonly connections: Connections) {}

  /** @throws  what PostgreSQL says, as pg puts it; UNAVAILABLE */
  ask(scope: Scope, statement: Statement, values: readonly unknown[]): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      const opening = scopeStatements(scope)
      const asked = { statement, values, resolve, reject }
      if (statement.sharesTrip) this.#join(opening, asked)
      else void this.#send(opening, [asked])
    })
  }

  #join(opening: string, asked: Asked): void {
    const queue = this.#queues.get(opening) ?? { trips: 0, waiting: [] }
    this.#queues.set(opening, queue)
    queue.waiting.push(asked)
    if (queue.trips < MOST_TRIPS) void this.#inTurns(opening, queue)
  }

  /** Sends what waits whenever a trip has ended, until nothing does. */
  async #inTurns(opening: string, queue: Queue): Promise<void> {
    queue.trips += 1
    while (queue.waiting.length > 0) await this.#send(opening, queue.waiting.splice(0, MOST_TOGETHER))
    queue.trips -= 1
    if (queue.trips === 0) this.#queues.delete(opening)
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
