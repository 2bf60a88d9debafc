import type { Boundary } from './sort-sql'

const MOST = 10_000
const MINUTES = 10

/**
 * Remembers behind which row the pages of a list begin, so that a walk by startIndex, as Okta imports, costs the same on
 * its last page as on its first. Whatever is not remembered, such as the page of a walk that began at another process, is
 * counted off instead.
 */
export class PageBoundaries {
  readonly #known = new Map<string, { readonly boundary: Boundary; readonly until: number }>()

  /** @param query  directory, filter and order in one text */
  remember(query: string, startIndex: number, boundary: Boundary): void {
    const [oldest] = this.#known.keys()
    if (this.#known.size >= MOST && oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(keyOf(query, startIndex), { boundary, until: Date.now() + MINUTES * 60_000 })
  }

  find(query: string, startIndex: number): Boundary | undefined {
    const found = this.#known.get(keyOf(query, startIndex))
    return found && found.until > Date.now() ? found.boundary : undefined
  }
}

function keyOf(query: string, startIndex: number): string {
  return `${startIndex} ${query}`
}
