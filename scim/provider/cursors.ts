import { createHash } from 'node:crypto'
import type { Sealer } from '../../src/platform/crypto'
import { expiredCursor, invalidCount, invalidCursor } from '../protocol'
import type { Boundary } from './sort-sql'

/** What a cursor belongs to: it opens for this query in this directory and for nothing else. */
export interface CursorScope {
  readonly directoryId: string
  /** Resource type, filter and order, as the client wrote them. */
  readonly query: readonly unknown[]
}

/** Seconds for which a cursor can be used. */
export const CURSOR_SECONDS = 3_600

interface Content {
  readonly key: string | null
  readonly id: string
  readonly count: number
  /** Milliseconds since 1970. */
  readonly madeAt: number
}

/** Makes and opens the cursors of RFC 9865: sealed, so that nothing can be read or made up, and bound to their query. */
export class Cursors {
  constructor(private readonly sealer: Sealer) {}

  /** The cursor that goes on behind a row. */
  make(scope: CursorScope, { key, id }: Boundary, count: number): string {
    const content: Content = { key, id, count, madeAt: Date.now() }
    return this.sealer.seal(JSON.stringify(content), contextOf(scope)).toString('base64url')
  }

  /** @throws invalidCursor, expiredCursor, invalidCount */
  open(scope: CursorScope, cursor: string, count: number): Boundary {
    const content = this.#read(scope, cursor)
    if (Date.now() - content.madeAt > CURSOR_SECONDS * 1000) throw expiredCursor()
    if (content.count !== count) throw invalidCount()
    return { key: content.key, id: content.id }
  }

  #read(scope: CursorScope, cursor: string): Content {
    const sealed = Buffer.from(cursor, 'base64url')
    // Decoding is forgiving; a cursor has one way to be written.
    if (sealed.toString('base64url') !== cursor) throw invalidCursor()
    try {
      return JSON.parse(this.sealer.open(sealed, contextOf(scope))) as Content
    } catch {
      throw invalidCursor()
    }
  }
}

function contextOf({ directoryId, query }: CursorScope): string {
  return `scim-cursor/${directoryId}/${createHash('sha256').update(JSON.stringify(query)).digest('hex')}`
}
