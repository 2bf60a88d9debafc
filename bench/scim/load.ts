import { Pool } from 'undici'
import type { ScimRequest } from './requests'

/** What the load generator, a process of its own, is told by its parent. */
export type ScimOrder =
  | { readonly kind: 'aim'; readonly baseUrl: string; readonly token: string }
  | {
      readonly kind: 'run'
      readonly requests: readonly ScimRequest[]
      readonly connections: number
      /** After that no request is begun; none is begun twice unless `repeats`. */
      readonly milliseconds: number
      readonly repeats: boolean
    }
  | {
      readonly kind: 'walk'
      readonly by: 'index' | 'cursor'
      readonly pageSize: number
      /** Users that the server holds. */
      readonly total: number
      /** After so many it ends. */
      readonly pages: number
      /** After that none is begun; 0: it is walked once. */
      readonly milliseconds: number
    }

/** What came of one order. Every answer was right. */
export interface ScimRun {
  readonly answers: number
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly p95: number
  /** Of what was created, in the order of the requests. */
  readonly ids: readonly string[]
}

/** An answer of the load generator: what came of the order, or what was wrong. */
export type ScimReport = { readonly run: ScimRun } | { readonly failure: string }

/** The body of an answer, read. */
type Answer = Readonly<Record<string, unknown>>

let base = new URL('http://127.0.0.1')
let headers: Record<string, string> = {}

function aim(order: Extract<ScimOrder, { kind: 'aim' }>): void {
  base = new URL(order.baseUrl)
  headers = {
    authorization: `Bearer ${order.token}`,
    'content-type': 'application/scim+json',
    accept: 'application/scim+json',
  }
}

/** A number of connections that are kept open, and how long each answer took. */
class Connections {
  readonly #pool: Pool
  readonly #latencies: number[] = []
  readonly #started = performance.now()

  constructor(readonly count: number) {
    this.#pool = new Pool(base.origin, { connections: count, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
  }

  /** @throws Error when the answer is not the right one */
  async ask(request: ScimRequest): Promise<Answer> {
    const body = request.body ? JSON.stringify(request.body) : null
    const started = performance.now()
    const answer = await this.#pool.request({
      method: request.method,
      path: base.pathname + request.path,
      headers,
      body,
    })
    const text = await answer.body.text()
    this.#latencies.push(performance.now() - started)
    return check(request, answer.statusCode, text)
  }

  async end(ids: readonly string[] = []): Promise<ScimRun> {
    const seconds = (performance.now() - this.#started) / 1000
    await this.#pool.close()
    const sorted = this.#latencies.sort((a, b) => a - b)
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    return { answers: sorted.length, seconds, p50: at(0.5), p95: at(0.95), ids }
  }
}

/** @throws Error that shows the answer when it is wrong */
function check({ method, path, expected }: ScimRequest, status: number, text: string): Answer {
  const body = text === '' ? {} : (JSON.parse(text) as Answer)
  const isWrong =
    !expected.statuses.includes(status) ||
    (text !== '' && Object.entries(expected.holds).some(([place, value]) => valueAt(body, place) !== value))
  if (!isWrong) return body
  const wanted = `${expected.statuses.join(' or ')} ${JSON.stringify(expected.holds)}`
  throw new Error(`${method} ${path} was answered ${status} ${text.slice(0, 1_000)} instead of ${wanted}`)
}

function valueAt(body: Answer, place: string): unknown {
  return place.split('.').reduce<unknown>((value, name) => (value as Answer | undefined)?.[name], body)
}

/** Asks one question after the other over each connection, until the time or the questions are over. */
async function run(order: Extract<ScimOrder, { kind: 'run' }>): Promise<ScimRun> {
  const connections = new Connections(order.connections)
  const end = performance.now() + order.milliseconds
  const ids: string[] = []
  let next = 0
  const talk = async (): Promise<void> => {
    while (performance.now() < end && (order.repeats || next < order.requests.length)) {
      const place = next++
      const request = order.requests[place % order.requests.length]!
      const answer = await connections.ask(request)
      if (request.method === 'POST') ids[place] = String(answer.id)
    }
  }
  await Promise.all(Array.from({ length: order.connections }, talk))
  return connections.end(ids)
}

/** Fetches users, page by page, again and again until the time is over. @throws Error when one is missing or comes twice */
async function walk(order: Extract<ScimOrder, { kind: 'walk' }>): Promise<ScimRun> {
  const connections = new Connections(1)
  const end = performance.now() + order.milliseconds
  do await walkOnce(connections, order)
  while (performance.now() < end)
  return connections.end()
}

async function walkOnce(
  connections: Connections,
  { by, pageSize, total, pages }: Extract<ScimOrder, { kind: 'walk' }>,
): Promise<void> {
  const seen = new Set<string>()
  let continuation = by === 'index' ? 'startIndex=1' : 'cursor='
  const wanted = Math.min(total, pages * pageSize)
  for (let users = 0; users < wanted; ) {
    const page = await connections.ask({
      method: 'GET',
      path: `/Users?${continuation}&count=${pageSize}`,
      expected: { statuses: [200], holds: { totalResults: total } },
    })
    const ids = (page.Resources as { id: string }[]).map(({ id }) => id)
    if (ids.length === 0) break
    for (const id of ids) seen.add(id)
    users += ids.length
    continuation = by === 'index' ? `startIndex=${users + 1}` : `cursor=${String(page.nextCursor)}`
  }
  if (seen.size !== wanted) throw new Error(`Pages by ${by} showed ${seen.size} users, not ${wanted}`)
}

async function follow(order: Exclude<ScimOrder, { kind: 'aim' }>): Promise<ScimReport> {
  try {
    return { run: await (order.kind === 'run' ? run(order) : walk(order)) }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}

process.on('message', (order: ScimOrder) => {
  if (order.kind === 'aim') aim(order)
  else void follow(order).then((report) => process.send?.(report))
})
process.once('disconnect', () => process.exit(0))
