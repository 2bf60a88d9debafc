import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Child, messageFrom, OTHER_CORE, SERVER_CORE, startChild } from './child'
import type { BenchDatabase } from './cluster'
import type { LoadOrder, LoadResult } from './load'
import type { Ask, LoadRequest } from './operations'

const CONNECTIONS = 16

/** What services present to the product. */
export const SERVICE_KEY = `gsv_${randomBytes(32).toString('base64url')}`

/** A server under test with a load generator of its own. */
export class Contestant {
  readonly #load = startChild(path.join(__dirname, 'load.js'), OTHER_CORE)

  private constructor(
    private readonly server: Child,
    private readonly port: number,
  ) {}

  /** The product as it is installed: `main.js` in production, reached over loopback. */
  static async product(database: BenchDatabase): Promise<Contestant> {
    const port = await freePort()
    const server = startChild(path.join(__dirname, '../src/main.js'), SERVER_CORE, {
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: database.appUrl,
      GATEHOUSE_PUBLIC_URL: `http://localhost:${port}`,
      GATEHOUSE_OPERATOR_KEY: `gop_${randomBytes(32).toString('base64url')}`,
      GATEHOUSE_SERVICE_KEY: SERVICE_KEY,
      GATEHOUSE_MASTER_KEY: randomBytes(32).toString('base64'),
      // The worker is a process of its own where load matters; here it would seal and send beside only one of the two.
      GATEHOUSE_SURFACES: 'graphql',
    })
    await untilReady(port, server)
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

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

async function untilReady(port: number, server: Child): Promise<void> {
  while (server.process.exitCode === null) {
    const isReady = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (response) => response.ok,
      () => false,
    )
    if (isReady) return
    await sleep(100)
  }
  throw new Error('The product did not start')
}
