import { AppError } from '../kernel/errors'
import { asUnavailable, type Reader, type Scope, type Transaction } from '../platform/database'
import type { Actor } from './actor'
import type { Authenticator } from './authentication'
import { authorize, type DecidedUseCase, refuse } from './authorize'
import type { Caller } from './caller'
import type { ReadContext } from './context'
import { type AccessObject, decide, type Requirement } from './policy'
import { INSTALLATION_ID } from './recorder'
import { writeAlone } from './shared-writes'
import type { IdleActor, Spine } from './spine'
import {
  OWN_ORGANIZATION,
  type ProvingReadUseCase,
  type ReadUseCase,
  type UseCase,
  type WriteUseCase,
} from './use-case'
import { writeTogether } from './write-together'
import type { Writing } from './writing'

/**
 * One operation of one caller: a GraphQL operation or one page. Everything it does passes through `execute`.
 *
 * Reads share one read-only transaction, opened by the first of them; each write has its own and gets a fresh view
 * afterwards. A second connection is never taken while one is held. Whoever begins an operation must `close` it.
 */
export class Operation {
  #reading: Promise<Reading> | null = null
  #caller: Caller
  #freshView: () => void = () => {}
  #idle: IdleActor | null = null
  #stopped: AppError | null = null
  /** Stopped too late: something is changed already, which may still be read, so that the caller is told of it. */
  #hasToAnswer = false
  /** The transaction of the write under way; null when there is none. */
  #writing: Transaction | null = null
  #longWrite: Promise<void> | null = null
  /** The organization that this operation was the last to change something in. */
  #changed: string | null = null
  #actor: Actor | null = null

  constructor(
    private readonly spine: Spine,
    caller: Caller,
  ) {
    this.#caller = caller
  }

  get caller(): Caller {
    return this.#caller
  }

  /** Whom the last use case has proven; null before any has. */
  get actor(): Actor | null {
    return this.#actor
  }

  /** Goes on with other secrets, such as those of a session the operation has just opened. */
  continueAs(secrets: Partial<Omit<Caller, 'request'>>): void {
    this.#caller = { ...this.#caller, ...secrets }
  }

  /**
   * Lets nothing more begin, for a caller that has waited too long, and nothing of the write under way be kept.
   * @returns  the error to answer; null when something is changed already or being committed: it must be told, so what is
   *   to be read of it still is, and only further writes are refused
   */
  stop(): AppError | null {
    this.#stopped ??= new AppError('UNAVAILABLE', 'This took too long; ask for less, or try again in a moment.', {
      retryAfterSeconds: 5,
    })
    const isUndone = this.#writing?.cancel(this.#stopped) ?? true
    this.#hasToAnswer = this.#changed !== null || !isUndone
    return this.#hasToAnswer ? null : this.#stopped
  }

  /** Ends with the write under way that says of itself that it takes long; null when there is none. It is not to be stopped. */
  get longWrite(): Promise<void> | null {
    return this.#longWrite
  }

  /** Calls back whenever what was read before must be read again. */
  onFreshView(callback: () => void): void {
    this.#freshView = callback
  }

  /**
   * Authorizes and runs a use case.
   * @throws UNAUTHENTICATED  no valid secret for it
   * @throws NOT_FOUND  the actor cannot see what it works on
   * @throws FORBIDDEN  the actor sees it, but lacks the permission
   * @throws UNAVAILABLE  after `stop`, what it was in the middle of is rolled back; the database went away or took too long
   */
  async execute<Input, Output, Seen extends AccessObject>(
    useCase: UseCase<Input, Output, Seen>,
    input: Input,
  ): Promise<Output> {
    if (this.#stopped && (useCase.writes || !this.#hasToAnswer)) throw this.#stopped
    const started = performance.now()
    const seen: { actor?: Actor } = {}
    let outcome = 'OK'
    try {
      refuseKeyOutside(useCase.requires, this.#caller)
      if (useCase.writes) return await this.#writeInTime(useCase, input, seen)
      if ('proves' in useCase) return await this.#readProving(useCase, input, seen)
      return useCase.atOnce ? await this.#readAtOnce(useCase, input, seen) : await this.#read(useCase, input, seen)
    } catch (cause) {
      // Also a read whose connection broke after it had begun.
      const error = asUnavailable(cause)
      outcome = error instanceof AppError ? error.code : 'INTERNAL'
      throw error
    } finally {
      this.#actor = seen.actor ?? this.#actor
      if (seen.actor && 'isIdle' in seen.actor && seen.actor.isIdle) this.#idle = seen.actor
      this.spine.report({
        useCase: useCase.name,
        outcome,
        actorKind: seen.actor?.kind ?? 'unproven',
        requestId: this.caller.request.id,
        milliseconds: performance.now() - started,
      })
    }
  }

  /**
   * Gives the connection back before something that takes long, such as asking another server; the next read opens a
   * transaction of its own and sees what has changed meanwhile.
   */
  async release(): Promise<void> {
    await this.#endReading()
    this.#freshView()
  }

  /** Ends the operation: gives its connection back. */
  async close(): Promise<void> {
    await this.#endReading()
    if (this.#idle) this.spine.markActive?.(this.#idle, this.caller.request)
    this.#idle = null
  }

  /** Ends the shared read transaction; the next read opens a new one. */
  async #endReading(): Promise<void> {
    const reading = this.#reading
    this.#reading = null
    if (reading)
      await reading.then(
        ({ reader }) => reader.close(),
        () => {},
      )
  }

  async #read<Input, Output, Seen extends AccessObject>(
    useCase: ReadUseCase<Input, Output, Seen>,
    input: Input,
    seen: { actor?: Actor },
  ): Promise<Output> {
    const reading = await this.#openReading(this.#scopeFor(useCase, input))
    const { tx } = reading.reader
    const context: ReadContext = {
      tx,
      actor: await reading.prove(useCase.requires),
      organizationId: organizationOf(reading.scope) ?? INSTALLATION_ID,
      request: this.caller.request,
    }
    seen.actor = context.actor
    return useCase.run(context, input, await authorize(useCase, context, input, this.#changed))
  }

  async #readAtOnce<Input, Output, Seen extends AccessObject>(
    useCase: ReadUseCase<Input, Output, Seen>,
    input: Input,
    seen: { actor?: Actor },
  ): Promise<Output> {
    const actor = this.spine.authenticator.proveService(this.#caller)
    seen.actor = actor
    const organizationId = useCase.organization(input)
    refuse(decide(actor, useCase.requires, { organizationId }), useCase.requires)
    const scope: Scope = organizationId ? { kind: 'organization', organizationId } : { kind: 'account' }
    const { request } = this.#caller
    return this.spine.database.readAtOnce(scope, (tx) =>
      useCase.run({ tx, actor, organizationId: organizationId ?? INSTALLATION_ID, request }, input, {
        organizationId,
      } as Seen),
    )
  }

  async #readProving<Input, Output>(
    useCase: ProvingReadUseCase<Input, Output>,
    input: Input,
    seen: { actor?: Actor },
  ): Promise<Output> {
    const { requires } = useCase
    const organizationId = useCase.organization(input)
    const tokenHash = this.#caller.directory?.tokenHash
    const found =
      organizationId && tokenHash
        ? await this.spine.database.readAtOnce({ kind: 'organization', organizationId }, (tx) =>
            useCase.run(tx, input, tokenHash),
          )
        : null
    seen.actor = found?.actor ?? { kind: 'anonymous' }
    refuse(decide(seen.actor, requires, { organizationId }), requires)
    return found!.output
  }

  #writeInTime<Input, Output, Seen extends AccessObject>(
    useCase: WriteUseCase<Input, Output, Seen>,
    input: Input,
    seen: { actor?: Actor },
  ): Promise<Output> {
    const written = this.#write(useCase, input, seen).finally(() => {
      this.#writing = null
      this.#longWrite = null
    })
    if (useCase.takesLong) this.#longWrite = written.then(ignore, ignore)
    return written
  }

  async #write<Input, Output, Seen extends AccessObject>(
    useCase: WriteUseCase<Input, Output, Seen>,
    input: Input,
    seen: { actor?: Actor },
  ): Promise<Output> {
    await this.#endReading()
    this.#freshView()
    const scope = this.#scopeFor(useCase, input)
    const writing: Writing<Input> = {
      input,
      caller: this.#caller,
      began: (tx) => {
        if (this.#stopped) throw this.#stopped
        this.#writing = tx
      },
      proven: (actor) => {
        seen.actor = actor
      },
    }
    const output = await this.#shareWrite(useCase, scope, writing)
    this.#changed = organizationOf(scope) ?? INSTALLATION_ID
    return output
  }

  #shareWrite<Input, Output, Seen extends AccessObject>(
    useCase: WriteUseCase<Input, Output, Seen>,
    scope: Scope,
    writing: Writing<Input>,
  ): Promise<Output> {
    const together = (all: readonly Writing<Input>[]) => writeTogether(this.spine, useCase, scope, all)
    const { directory } = this.#caller
    if (!useCase.sharedBeside || !directory) return writeAlone(writing, together)
    const { organizationId, directoryId, tokenHash } = directory
    const group = `${useCase.name}/${organizationId}/${directoryId}/${tokenHash.toString('latin1')}`
    return this.spine.sharedWrites.join(group, useCase.sharedBeside(writing.input), writing, together)
  }

  /**
   * A caller with an organization session stays inside that organization, whatever the input names: the decision
   * then answers NOT_FOUND for any other, without having looked at it.
   */
  #scopeFor<Input, Seen extends AccessObject>(useCase: DecidedUseCase<Input, Seen>, input: Input): Scope {
    const isOperator = this.spine.authenticator.isOperator(this.#caller)
    if (isOperator && !useCase.writes && useCase.installation) return { kind: 'installation' }
    const named = useCase.organization(input)
    const isSession = !isOperator && !this.#caller.job
    const own = isSession ? this.spine.authenticator.organizationOf(this.#caller) : this.#caller.operatorOrganizationId
    const wanted = named === OWN_ORGANIZATION ? own : named
    if (isSession && !OUTSIDE.has(useCase.requires) && own) return { kind: 'organization', organizationId: own }
    const organizationId = wanted ?? (useCase.writes ? null : own)
    return organizationId ? { kind: 'organization', organizationId } : { kind: 'account' }
  }

  #openReading(scope: Scope): Promise<Reading> {
    this.#reading ??= this.spine.database
      .openReader(scope)
      .then((reader) => new Reading(scope, reader, this.spine.authenticator, this.#caller))
    return this.#reading.then((reading) => {
      if (reading.admits(scope)) return reading
      throw new AppError(
        'INVALID',
        'One operation reads one organization; ask for the others in operations of their own.',
      )
    })
  }
}

// What is asked of people as such: their session in an organization binds them to nothing here.
const OUTSIDE: ReadonlySet<Requirement> = new Set(['anyone', 'account', 'account-or-operator'])

/** The shared read transaction of an operation and the actors proven in it. */
class Reading {
  readonly #actors = new Map<Requirement | 'other', Promise<Actor>>()

  constructor(
    public scope: Scope,
    readonly reader: Reader,
    private readonly authenticator: Authenticator,
    private readonly caller: Caller,
  ) {}

  /**
   * What the account side reads stands outside row-level security, so every scope covers it. A reading that began on
   * the account side goes on in the first organization that is asked for, and never in another.
   */
  admits(scope: Scope): boolean {
    if (scope.kind === 'account') return true
    if (scope.kind === 'organization' && this.scope.kind === 'account') {
      this.reader.enter(scope.organizationId)
      this.scope = scope
    }
    if (scope.kind !== this.scope.kind) return false
    return scope.kind === 'installation' || scope.organizationId === (this.scope as typeof scope).organizationId
  }

  prove(requirement: Requirement): Promise<Actor> {
    const key = requirement !== 'anyone' && OUTSIDE.has(requirement) ? requirement : 'other'
    const known = this.#actors.get(key)
    if (known) return known
    const actor = this.authenticator.prove(this.reader.tx, this.caller, requirement)
    this.#actors.set(key, actor)
    return actor
  }
}

// A key never becomes the person it acts for: it opens no sessions, answers no invitations and founds nothing.
function refuseKeyOutside(requirement: Requirement, { apiKey }: Caller): void {
  if (apiKey === null || (requirement !== 'account' && requirement !== 'account-or-operator')) return
  throw new AppError('UNAUTHENTICATED', 'API keys work inside their organization only; sign in as a person for this.')
}

function ignore(): void {}

function organizationOf(scope: Scope): string | null {
  return scope.kind === 'organization' ? scope.organizationId : null
}
