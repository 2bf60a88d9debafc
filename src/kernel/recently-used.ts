/** What is dear to make and may be made again: of the most recently used keys, as many as fit, it is kept. */
export class RecentlyUsed<T> {
  readonly #known = new Map<string, T>()

  /** @param most  how many are kept, 1.. */
  constructor(private readonly most: number) {}

  /** What was made for this key, if it is still kept. */
  peek(key: string): T | undefined {
    return this.#known.get(key)
  }

  /** What was made for this key, or is made now. */
  get(key: string, make: () => T): T {
    const value = this.#known.get(key) ?? make()
    // What was used last goes last, so that the first is the one to forget.
    this.#known.delete(key)
    this.#known.set(key, value)
    const [oldest] = this.#known.keys()
    if (this.#known.size > this.most && oldest !== undefined) this.#known.delete(oldest)
    return value
  }
}
