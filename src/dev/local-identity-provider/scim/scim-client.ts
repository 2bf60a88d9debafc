import type { ScimStep, ScimStyle } from './scim-styles'

/** A request and its answer, as the page shows them: without the token. */
export type ScimExchange = {
  at: Date
  method: string
  path: string
  request: string | null
  /** 0 when nobody answered */
  status: number
  answer: string
  milliseconds: number
}

const CAPACITY = 30
const LONGEST = 4_000
const TIMEOUT_MILLISECONDS = 60_000

/** Sends requests to one directory and remembers the last of them, newest first. */
export class ScimClient {
  readonly #exchanges: ScimExchange[] = []
  baseUrl = ''
  token = ''

  list(): readonly ScimExchange[] {
    return this.#exchanges
  }

  /**
   * @param quiet  leaves the exchange out of the list unless it failed: for many of a kind
   * @returns  status and body; status 0 when nobody answered
   */
  async send(
    { query }: ScimStyle,
    { method, path, body }: ScimStep,
    quiet = false,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const url = `${this.baseUrl}${path}${query ? `${path.includes('?') ? '&' : '?'}${query}` : ''}`
    const started = performance.now()
    const sent = body === undefined ? null : JSON.stringify(body, null, 2)
    const answer = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/scim+json' },
      body: sent,
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    }).then(
      async (response) => ({ status: response.status, text: await response.text() }),
      (error: Error) => ({ status: 0, text: `Nobody answered: ${error.message}` }),
    )
    const parsed = parse(answer.text)
    if (!quiet || answer.status === 0 || answer.status >= 400) {
      this.#exchanges.unshift({
        at: new Date(),
        method,
        path: url.slice(this.baseUrl.length),
        request: sent && sent.slice(0, LONGEST),
        status: answer.status,
        answer: (parsed ? JSON.stringify(parsed, null, 2) : answer.text).slice(0, LONGEST),
        milliseconds: Math.round(performance.now() - started),
      })
      this.#exchanges.length = Math.min(this.#exchanges.length, CAPACITY)
    }
    return { status: answer.status, body: parsed ?? {} }
  }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
