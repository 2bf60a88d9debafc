import { NothingKept, type Writing } from './writing'

/** Runs writes in one transaction. @throws NothingKept */
type Together<Input, Output> = (writings: readonly Writing<Input>[]) => Promise<Output[]>

/** A write that waits for its transaction. */
interface Waiting {
  /** What it keeps to itself, as in `WriteUseCase.sharedBeside`. */
  readonly key: string
  readonly writing: Writing<unknown>
  readonly together: Together<unknown, unknown>
  readonly resolve: (output: unknown) => void
  readonly reject: (error: unknown) => void
}

/** What waits in one group, and how many transactions of it are under way. */
interface Queue {
  underWay: number
  waiting: Waiting[]
}

const MOST_UNDER_WAY = 2
// With more, the first would wait long for the last, and so would whoever wants one of their rows.
const MOST_TOGETHER = 16

/**
 * Lets writes of one kind and one caller share transactions: what comes while two of the group are under way goes into the
 * next, and is answered when that is committed. Under load a lock, a proof, a record and a COMMIT serve many of them; whoever
 * comes alone waits for nobody. Writes with one key never share. Where one is refused nothing is kept, and each is tried
 * again alone, so that nobody's refusal is another's (docs/adr/0021-shared-writes.md).
 */
export class SharedWrites {
  readonly #queues = new Map<string, Queue>()

  /**
   * @param group  the use case and its caller, so that one proof is everybody's
   * @param key  what the write keeps to itself
   * @param together  the same for all of a group
   * @throws  what the write throws alone
   */
  join<Input, Output>(
    group: string,
    key: string,
    writing: Writing<Input>,
    together: Together<Input, Output>,
  ): Promise<Output> {
    return new Promise<unknown>((resolve, reject) => {
      const queue = this.#queues.get(group) ?? { underWay: 0, waiting: [] }
      this.#queues.set(group, queue)
      queue.waiting.push({ key, writing, together: together as Together<unknown, unknown>, resolve, reject })
      if (queue.underWay < MOST_UNDER_WAY) void this.#inTurns(group, queue)
    }) as Promise<Output>
  }

  /** Writes what waits whenever a transaction has ended, until nothing does. */
  async #inTurns(group: string, queue: Queue): Promise<void> {
    queue.underWay += 1
    while (queue.waiting.length > 0) await writeAll(takeFrom(queue))
    queue.underWay -= 1
    if (queue.underWay === 0) this.#queues.delete(group)
  }
}

/** The first that waits, and those behind it whose keys differ; the others go on waiting. */
function takeFrom(queue: Queue): Waiting[] {
  const taken = new Map<string, Waiting>()
  const left: Waiting[] = []
  for (const one of queue.waiting) {
    if (taken.size < MOST_TOGETHER && !taken.has(one.key)) taken.set(one.key, one)
    else left.push(one)
  }
  queue.waiting = left
  // In the order of their keys, in which other transactions take the same locks.
  return [...taken.values()].sort((one, other) => (one.key < other.key ? -1 : 1))
}

/** Resolves when everybody is answered. */
async function writeAll(all: readonly Waiting[]): Promise<void> {
  const [first] = all
  try {
    const outputs = await first!.together(all.map(({ writing }) => writing))
    for (const [index, { resolve }] of all.entries()) resolve(outputs[index])
  } catch (error) {
    if (!(error instanceof NothingKept)) for (const { reject } of all) reject(error)
    else if (all.length === 1) first!.reject(error.cause)
    else await Promise.all(all.map((one) => writeAll([one])))
  }
}

/** One write in a transaction of its own. @throws  why nothing was kept */
export async function writeAlone<Input, Output>(
  writing: Writing<Input>,
  together: Together<Input, Output>,
): Promise<Output> {
  const [output] = await together([writing]).catch((error: unknown) => {
    throw error instanceof NothingKept ? error.cause : error
  })
  return output!
}
