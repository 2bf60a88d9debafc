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
  /** How several are run as one where they leave together; none of them may matter to what stands between them. */
  readonly many?: ManyStatement
}

/** A statement that does for several what another does for one. Its plan must be kept, since it takes lists. */
export interface ManyStatement {
  readonly name: string
  /** Its rows say by a column `n` whose they are, from 1 in the order of the lists, and are otherwise those of the one. */
  readonly text: string
  /** Which values it takes as lists, in their places, from 0; in the others they must be equal. */
  readonly lists: readonly number[]
}
