import type { Mode } from '../protocol'

const MILLISECONDS = 60_000
const MOST = 10_000

/**
 * Tokens that this process has proven within the last minute, and how the requests of their directories were read then.
 * Nobody gets in by it: it only lets a write prove its token where it writes, and not once more ahead of that.
 */
export class ProvenTokens {
  readonly #known = new Map<string, { readonly mode: Mode; readonly until: number }>()

  /** How requests with this token were read, or null when it has to be proven first. */
  modeOf(directoryId: string, tokenHash: Buffer): Mode | null {
    const known = this.#known.get(key(directoryId, tokenHash))
    return known && known.until > performance.now() ? known.mode : null
  }

  /** Called when it is proven. */
  remember(directoryId: string, tokenHash: Buffer, mode: Mode): void {
    this.forget(directoryId, tokenHash)
    this.#known.set(key(directoryId, tokenHash), { mode, until: performance.now() + MILLISECONDS })
    const [oldest] = this.#known.keys()
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest)
  }

  /** Called when it has turned out to be none. */
  forget(directoryId: string, tokenHash: Buffer): void {
    this.#known.delete(key(directoryId, tokenHash))
  }
}

function key(directoryId: string, tokenHash: Buffer): string {
  return `${directoryId} ${tokenHash.toString('base64')}`
}
