import { ScimError } from '../protocol'

/** Requests of one token in a second that a process answers, and how many it may save up. */
export interface RateLimit {
  readonly perSecond: number
  readonly burst: number
}

const MOST_TOKENS = 10_000

/** A bucket per token. Of each process: it keeps one client from starving the others, nothing more depends on it. */
export class RateLimiter {
  readonly #buckets = new Map<string, { left: number; at: number }>()

  constructor(private readonly limit: RateLimit) {}

  /**
   * Takes one request off the bucket of a token.
   * @param token  what was presented, proven or not
   * @returns  seconds to wait, when there is nothing left; 0 otherwise
   */
  take(token: string): number {
    const now = performance.now() / 1000
    const bucket = this.#buckets.get(token) ?? { left: this.limit.burst, at: now }
    bucket.left = Math.min(this.limit.burst, bucket.left + (now - bucket.at) * this.limit.perSecond)
    bucket.at = now
    this.#keep(token, bucket)
    if (bucket.left < 1) return Math.ceil((1 - bucket.left) / this.limit.perSecond)
    bucket.left -= 1
    return 0
  }

  #keep(token: string, bucket: { left: number; at: number }): void {
    this.#buckets.delete(token)
    this.#buckets.set(token, bucket)
    const [longestUnused] = this.#buckets.keys()
    if (this.#buckets.size > MOST_TOKENS && longestUnused !== undefined) this.#buckets.delete(longestUnused)
  }
}

/** The answer to whoever asks too often; `Retry-After` says for how long. */
export function tooManyRequests(): ScimError {
  return new ScimError(429, undefined, 'Too many requests with this token. Repeat after the seconds of Retry-After.')
}
