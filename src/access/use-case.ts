import type { Transaction } from '../platform/database'
import type { DirectoryActor } from './actor'
import type { ReadContext, WriteContext } from './context'
import type { AccessObject, Requirement } from './policy'

/**
 * Stands for the organization the caller is in: that of its session, or the one an operator names by header. For use
 * cases whose input names an object inside an organization, such as a project, and nothing else.
 */
export const OWN_ORGANIZATION = 'own'

interface Definition<Input, Seen extends AccessObject> {
  /** The word by which schema, file, test and audit know it. */
  readonly name: string
  /** What the actor needs. There is no default: leaving it out does not compile. */
  readonly requires: Requirement
  /** The organization it works on (UUID or OWN_ORGANIZATION), or null for the account side and the installation. */
  readonly organization: (input: Input) => string | null
  /**
   * Loads what else the decision depends on, e.g. a project with the actor's grants in it; `run` is given it too.
   * @throws NOT_FOUND  when the actor cannot see the object
   */
  readonly object?: (context: ReadContext, input: Input) => Promise<Seen>
}

/** A use case that changes nothing. All reads of one operation share one read-only transaction. */
export interface ReadUseCase<Input, Output, Seen extends AccessObject = AccessObject> extends Definition<Input, Seen> {
  readonly writes: false
  /**
   * Each statement is a transaction of its own and one trip to the database. Only for what `requires` proves without the
   * database (`service`, `anyone`), in the organization that the input names or outside of all.
   */
  readonly atOnce?: true
  /** Runs under the installation's narrow policies instead of an organization: the operator's lists. */
  readonly installation?: true
  run(context: ReadContext, input: Input, object: Seen): Promise<Output>
}

/**
 * A read of a directory in which one statement proves who asks and looks for what was asked, so that both are one trip to
 * the database. What it finds leaves the spine only when the actor that it found may have it.
 */
export interface ProvingReadUseCase<Input, Output> extends Definition<Input, AccessObject> {
  readonly writes: false
  readonly proves: true
  /** @param tokenHash  of the token that was presented, for the directory that the input names */
  run(tx: Transaction, input: Input, tokenHash: Buffer): Promise<Proven<Output>>
}

/** An actor, or null when nobody is proven, and what was read in its name. */
export interface Proven<Output> {
  readonly actor: DirectoryActor | null
  readonly output: Output
}

/**
 * What a write comes to when everything was asked that it wants: its output is known with the last answers, for which what
 * was recorded and the COMMIT do not wait. Nothing more may be asked behind it, and whatever makes the output fail must have
 * made PostgreSQL refuse a statement: by then nothing else undoes what was recorded.
 */
export class Pending<Output> {
  constructor(readonly output: Promise<Output>) {
    // Whoever commits looks at it; nobody does when the transaction fails before that.
    output.catch(() => {})
  }
}

/**
 * A use case that changes something: one transaction with its audit rows, messages and counters.
 * @typeParam Ahead  what `ahead` finds; undefined without one
 */
export interface WriteUseCase<Input, Output, Seen extends AccessObject = AccessObject, Ahead = unknown>
  extends Definition<Input, Seen> {
  readonly writes: true
  /**
   * The lock on the organization row, taken first of all and never upgraded: `update` for the membership mode,
   * deletion and changes to who holds what, `share` for everything else in an organization, `none` outside.
   */
  readonly locks: 'share' | 'update' | 'none'
  /** Also runs while the organization waits for its deletion. */
  readonly whilePendingDeletion?: true
  /**
   * May take longer than a request: its statements have no limit of time, and whoever asked is answered when it is done.
   * Every other write that is too late for its answer is rolled back.
   */
  readonly takesLong?: true
  /** Keeps its changes without an audit row: what anybody can set off before it is known who they are. */
  readonly unaudited?: true
  /**
   * What is asked of the database in any case: sent behind the lock and the proof of the actor, in the same trip. Its answer
   * is given to `run`, and so to nobody who is turned away; what it changes is rolled back then. It throws nothing of its own.
   */
  readonly ahead?: (tx: Transaction, input: Input) => Promise<Ahead>
  /**
   * What the write keeps to itself, e.g. the id of the person it is about: writes of one directory whose keys differ may
   * share a transaction (`SharedWrites`). They see what the others have written so far, and their locks do not hold each
   * other up, so whatever they share must be bounded by constraints or written by sums. One that records nothing has
   * written nothing.
   */
  readonly sharedBeside?: (input: Input) => string
  run(context: WriteContext, input: Input, object: Seen, ahead: Ahead): Promise<Output | Pending<Output>>
}

export type UseCase<Input, Output, Seen extends AccessObject = AccessObject> =
  | ReadUseCase<Input, Output, Seen>
  | ProvingReadUseCase<Input, Output>
  | WriteUseCase<Input, Output, Seen>

/** What the tests that walk over all use cases know of each. */
export type DeclaredUseCase = Pick<Definition<never, AccessObject>, 'name' | 'requires'> & { readonly writes: boolean }

const registry = new Map<string, DeclaredUseCase>()

/** Declares a reading use case. */
export function readUseCase<Input, Output, Seen extends AccessObject = AccessObject>(
  definition: Omit<ReadUseCase<Input, Output, Seen>, 'writes'>,
): ReadUseCase<Input, Output, Seen> {
  return register({ ...definition, writes: false })
}

/** Declares a read that proves a directory by its own statement. */
export function provingReadUseCase<Input, Output>(
  definition: Omit<ProvingReadUseCase<Input, Output>, 'writes' | 'proves' | 'requires'>,
): ProvingReadUseCase<Input, Output> {
  return register({ ...definition, requires: 'directory', writes: false, proves: true })
}

/** Declares a writing use case. */
export function writeUseCase<Input, Output, Seen extends AccessObject = AccessObject, Ahead = undefined>(
  definition: Omit<WriteUseCase<Input, Output, Seen, Ahead>, 'writes'>,
): WriteUseCase<Input, Output, Seen, Ahead> {
  return register({ ...definition, writes: true })
}

/** Every use case that was loaded, for the tests that walk over all of them. */
export function declaredUseCases(): readonly DeclaredUseCase[] {
  return [...registry.values()]
}

function register<T extends DeclaredUseCase>(useCase: T): T {
  if (registry.has(useCase.name)) throw new Error(`Two use cases are called ${useCase.name}`)
  registry.set(useCase.name, useCase)
  return useCase
}
