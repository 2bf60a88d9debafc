import { Gatherings } from '../platform/gatherings'
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

// With more, the first would wait long for the last, and so would whoever wants one of their rows.
const MOST_TOGETHER = 16
// Longer than an answer is on its way to a busy client and the next request back.
const PATIENCE_MILLISECONDS = 5

/**
 * Lets writes of one kind and one caller share transactions: what comes while two of the group are under way goes into the
 * next, and is answered when that is committed. Under load a lock, a proof, a record and a COMMIT serve many of them; whoever
 * comes alone waits for nobody. Writes with one key never share. Where one is refused nothing is kept, and each is tried
 * again alone, so that nobody's refusal is another's (docs/adr/0021-shared-writes.md).
 */
export class SharedWrites {
  readonly #gatherings = new Gatherings<Waiting>({
    mostTogether: MOST_TOGETHER,
    patienceMilliseconds: PATIENCE_MILLISECONDS,
    keyOf: ({ key }) => key,
    // In the order of their keys, in which other transactions take the same locks.
    run: (_group, all) => writeAll([...all].sort((one, other) => (one.key < other.key ? -1 : 1))),
  })

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
      this.#gatherings.join(group, { key, writing, together: together as Together<unknown, unknown>, resolve, reject })
    }) as Promise<Output>
  }
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
