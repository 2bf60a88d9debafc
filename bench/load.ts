import { connect, type Socket } from 'node:net'
import { type LoadRequest, UNIQUE } from './operations'

/** What the load generator, a process of its own, is told by its parent. */
export type LoadOrder =
  | { readonly kind: 'aim'; readonly port: number; readonly requests: readonly LoadRequest[] }
  | { readonly kind: 'run'; readonly milliseconds: number; readonly connections: number }

/** What came of one run. */
export interface LoadResult {
  readonly requests: number
  /** Requests that were not answered by status 200. */
  readonly failures: number
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** The first answer that was not as it should be, for people. */
  readonly firstFailure: string | null
}

const MARK = '\r\n\r\n'
// Node's own HTTP client would cost more than the server under test, on the core that PostgreSQL needs.
let port = 0
let requests: string[] = []
let next = 0
let unique = (BigInt(Date.now()) * 1_000n + BigInt(process.pid % 1_000)) * 100_000n

function aim(order: Extract<LoadOrder, { kind: 'aim' }>): void {
  port = order.port
  requests = order.requests.map(({ path, headers, body }) => {
    const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(numbered(body))) })
    return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
  })
  next = Math.floor(Math.random() * requests.length)
}

function numbered(text: string): string {
  unique += 1n
  return text.replaceAll(UNIQUE, unique.toString())
}

class Run {
  readonly #latencies: number[] = []
  readonly #end: number
  #failures = 0
  #firstFailure: string | null = null

  constructor(milliseconds: number) {
    this.#end = performance.now() + milliseconds
  }

  /** Asks one question after the other over one connection until the time is up. */
  async talk(): Promise<void> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    while (performance.now() < this.#end) {
      const started = performance.now()
      const answer = await ask(socket, numbered(requests[next++ % requests.length]!))
      this.#latencies.push(performance.now() - started)
      if (answer.startsWith('HTTP/1.1 200') && !answer.includes('"errors":') && !answer.includes('"code":')) continue
      this.#failures += 1
      this.#firstFailure ??= answer.slice(0, 2_000)
    }
    socket.destroy()
  }

  result(seconds: number): LoadResult {
    const sorted = this.#latencies.sort((a, b) => a - b)
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    return {
      requests: sorted.length,
      failures: this.#failures,
      firstFailure: this.#firstFailure,
      seconds,
      p50: at(0.5),
      p99: at(0.99),
    }
  }
}

function ask(socket: Socket, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    let wanted = Number.POSITIVE_INFINITY
    const onData = (chunk: string): void => {
      answer += chunk
      if (wanted === Number.POSITIVE_INFINITY) wanted = lengthOf(answer)
      if (answer.length < wanted) return
      socket.off('data', onData).off('close', onClose)
      resolve(answer)
    }
    const onClose = (): void => reject(new Error(`The server hung up after: ${answer.slice(0, 500)}`))
    socket.setEncoding('latin1').on('data', onData).once('close', onClose)
    socket.write(text)
  })
}

function lengthOf(answer: string): number {
  const head = answer.indexOf(MARK)
  if (head < 0) return Number.POSITIVE_INFINITY
  const length = /content-length: (\d+)/i.exec(answer.slice(0, head))?.[1]
  return head + MARK.length + Number(length ?? 0)
}

async function run(order: Extract<LoadOrder, { kind: 'run' }>): Promise<LoadResult> {
  const started = performance.now()
  const load = new Run(order.milliseconds)
  await Promise.all(Array.from({ length: order.connections }, () => load.talk()))
  return load.result((performance.now() - started) / 1000)
}

process.on('message', (order: LoadOrder) => {
  if (order.kind === 'aim') aim(order)
  else
    run(order).then(
      (result) => process.send?.(result),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      },
    )
})
process.once('disconnect', () => process.exit(0))
