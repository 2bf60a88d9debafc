import path from 'node:path'
import { type Child, messageFrom, OTHER_CORE, startChild } from '../child'
import type { ScimOrder, ScimReport, ScimRun } from './load'
import type { ScimRequest } from './requests'

/** Where a SCIM server is, and what opens it. */
export interface ScimTarget {
  readonly baseUrl: string
  readonly token: string
}

/** As many as identity providers are seen to open. */
export const CONNECTIONS = 8

/** A client of one SCIM server, in a process of its own. */
export class ScimClient {
  readonly #load: Child = startChild(path.join(__dirname, 'load.js'), OTHER_CORE)

  constructor(target: ScimTarget) {
    this.#tell({ kind: 'aim', baseUrl: target.baseUrl, token: target.token })
  }

  /** Sends each request once, as fast as they are answered. @throws Error when an answer is not the right one */
  send(requests: readonly ScimRequest[], connections = CONNECTIONS): Promise<ScimRun> {
    return this.#order({ kind: 'run', requests, connections, milliseconds: 3_600_000, repeats: false })
  }

  /** Begins requests for some time, in their order, each once at the most: the first `answers` of them. @throws Error when an answer is wrong */
  sendFor(milliseconds: number, requests: readonly ScimRequest[], connections = CONNECTIONS): Promise<ScimRun> {
    return this.#order({ kind: 'run', requests, connections, milliseconds, repeats: false })
  }

  /** Sends requests for some time, over and over. @throws Error when an answer is not the right one */
  repeatFor(milliseconds: number, requests: readonly ScimRequest[], connections = CONNECTIONS): Promise<ScimRun> {
    return this.#order({ kind: 'run', requests, connections, milliseconds, repeats: true })
  }

  /**
   * Fetches all users, or so many pages, over one connection: once, or again and again for some time.
   * @throws Error when one is missing or comes twice
   */
  walk(by: 'index' | 'cursor', pageSize: number, total: number, pages = total, milliseconds = 0): Promise<ScimRun> {
    return this.#order({ kind: 'walk', by, pageSize, total, pages, milliseconds })
  }

  stop(): Promise<void> {
    return this.#load.stop()
  }

  async #order(order: ScimOrder): Promise<ScimRun> {
    const answered = messageFrom<ScimReport>(this.#load)
    this.#tell(order)
    const report = await answered
    if ('failure' in report) throw new Error(report.failure)
    return report.run
  }

  #tell(order: ScimOrder): void {
    this.#load.process.send(order)
  }
}
