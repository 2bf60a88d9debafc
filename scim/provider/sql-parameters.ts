/** Values of a statement and their numbers: whatever a client wrote reaches SQL as one of these and in no other way. */
export class SqlParameters {
  readonly values: unknown[] = []

  /** @param first  the number of the first value */
  constructor(private readonly first: number) {}

  /** Adds a value. @param type  the SQL type it is read as @returns its place in the text */
  add(value: unknown, type: 'text' | 'uuid' | 'boolean' | 'numeric' | 'timestamptz'): string {
    this.values.push(value)
    return `$${this.first + this.values.length - 1}::${type}`
  }

  /** The number that the next value gets. */
  get next(): number {
    return this.first + this.values.length
  }
}
