import { readToken } from '../../src/platform/crypto'

/** What a well-formed token says of itself. */
export interface ReadToken {
  /** UUID */
  readonly organizationId: string
  /** SHA-256 of the token. */
  readonly hash: Buffer
}

const MOST = 1_000

/** Reads tokens, and remembers the last: a client presents the same one with every request. Proven is none of them. */
export class ReadTokens {
  readonly #known = new Map<string, ReadToken>()

  /** @returns  null for what is no token of a directory */
  read(token: string): ReadToken | null {
    const known = this.#known.get(token)
    if (known) return known
    const { organizationId, hash } = readToken('scim', token) ?? {}
    if (!organizationId || !hash) return null
    const [first] = this.#known.keys()
    if (this.#known.size >= MOST && first !== undefined) this.#known.delete(first)
    const read = { organizationId, hash }
    this.#known.set(token, read)
    return read
  }
}
