import path from 'node:path'
import { type Child, messageFrom, OTHER_CORE, SERVER_CORE, startChild } from './child'
import type { BenchDatabase } from './cluster'
import type { LoadOrder, LoadResult } from './load'
import type { Ask, LoadRequest } from './operations'
import { startProduct } from './product'

const CONNECTIONS = 16

/** A server under test with a load generator of its own. */
export class Contestant {
  readonly #load = startChild(path.join(__dirname, 'load.js'), OTHER_CORE)

  private constructor(
    private readonly server: Child,
    private readonly port: number,
  ) {}

  /** The product as it is installed: `main.js` in production, reached over loopback. */
  static async product(database: BenchDatabase): Promise<Contestant> {
    const { server, port } = await startProduct(database, 'graphql')
    return new Contestant(server, port)
  }

  static async bareHandler(database: BenchDatabase): Promise<Contestant> {
    const server = startChild(path.join(__dirname, 'bare-handler.js'), SERVER_CORE, {
      BARE_DATABASE_URL: database.superuserUrl,
    })
    const { port } = await messageFrom<{ port: number }>(server)
    return new Contestant(server, port)
  }

  aim(requests: readonly LoadRequest[]): void {
    this.#tell({ kind: 'aim', port: this.port, requests })
  }

  /** Loads the server for some time. @throws Error when a single answer was not as it should be */
  async run(milliseconds: number, connections = CONNECTIONS): Promise<LoadResult & { cpuMicroseconds: number }> {
    const before = this.server.cpuNanoseconds()
    const answered = messageFrom<LoadResult>(this.#load)
    this.#tell({ kind: 'run', milliseconds, connections })
    const result = await answered
    if (result.failures > 0) throw new Error(`${result.failures} requests failed, first: ${result.firstFailure}`)
    return { ...result, cpuMicroseconds: (this.server.cpuNanoseconds() - before) / 1000 / result.requests }
  }

  /** One request outside the load, for what has to be known beforehand. */
  readonly ask: Ask = async ({ path: url, headers, body }) => {
    const response = await fetch(`http://127.0.0.1:${this.port}${url}`, {
      method: 'POST',
      headers: { ...headers },
      body,
    })
    const answer = (await response.json()) as { data?: unknown; errors?: unknown }
    if (!response.ok || answer.errors) throw new Error(JSON.stringify(answer))
    return answer.data ?? answer
  }

  residentMegabytes(): number {
    return this.server.residentMegabytes()
  }

  async stop(): Promise<void> {
    await this.#load.stop()
    await this.server.stop()
  }

  #tell(order: LoadOrder): void {
    this.#load.process.send(order)
  }
}
