/**
 * A named statement: prepared once per connection, so that PostgreSQL plans it once. `name` says who asks; empty for texts
 * made as they are needed, which are prepared each time.
 */
export interface Statement {
  readonly name: string
  readonly text: string
  /** Takes lists, for which PostgreSQL would plan it anew each time; read at once, it runs by the plan that is kept. */
  readonly keepsPlan?: true
  /** No index answers it: read at once, it is ended after 4 seconds, and nothing is compiled for it. */
  readonly isCostly?: true
  /** Finds little, by keys: read at once, it leaves together with others of its kind (`SharedTrips`). */
  readonly sharesTrip?: true
}
