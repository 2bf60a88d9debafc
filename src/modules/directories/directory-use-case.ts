import type { AccessObject, ReadContext } from '../../access'
import { type AuditEntry, Pending, type WriteContext, type WriteUseCase, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import type { Transaction } from '../../platform/database'
import type { InDirectory } from './directory-user.store'

/** What a write came to, and what it changed on the way, as in the audit: for the request log. */
export interface Recorded<Output> {
  readonly output: Output
  readonly changes: readonly AuditEntry[]
}

/** A write by a directory: everything but who may do it, which is the directory itself and nobody else. */
interface DirectoryWrite<Input extends InDirectory, Output, Ahead> {
  readonly name: string
  /** `update` when somebody may lose something by it: nothing they began before is finished after the answer. */
  readonly locks: 'share' | 'update'
  readonly unaudited?: true
  /** What it usually asks takes no lists, so that nothing has to be done for plans to be kept. */
  readonly isPlain?: true
  /** As in `WriteUseCase`. */
  readonly sharedBeside?: (input: Input) => string
  /** As in `WriteUseCase`. */
  readonly ahead?: (tx: Transaction, input: Input) => Promise<Ahead>
  run(context: WriteContext, input: Input, ahead: Ahead): Promise<Output | Pending<Output>>
}

/**
 * Declares a write that only a directory makes, in itself. In a dry run it is computed and rolled back.
 * The use case throws FORBIDDEN while the directory is paused, and ReadOtherwise, beside what `run` throws.
 */
export function directoryWrite<Input extends InDirectory, Output, Ahead = undefined>(
  definition: DirectoryWrite<Input, Output, Ahead>,
): WriteUseCase<Input, Recorded<Output>> {
  const { isPlain, ...written } = definition
  return writeUseCase<Input, Recorded<Output>, AccessObject, Ahead>({
    ...written,
    requires: 'directory',
    organization: (input) => input.organizationId,
    async run(context, input, _object, ahead) {
      refusePaused(context)
      refuseReadOtherwise(context, input)
      if (!isPlain) context.tx.keepPlans()
      const changes: AuditEntry[] = []
      const done = await definition.run(noting(context, changes), input, ahead)
      const recorded = (output: Output) => ({ output, changes })
      return done instanceof Pending ? new Pending(done.output.then(recorded)) : recorded(done)
    },
  })
}

/** A write was read as a strict directory's, and the directory is lenient, or the other way round. Nothing was done. */
export class ReadOtherwise extends Error {
  constructor() {
    super('The directory is held to the RFCs since, or is not any more')
  }
}

function refuseReadOtherwise({ actor }: Pick<ReadContext, 'actor'>, { isReadStrictly }: InDirectory): void {
  if (actor.kind === 'directory' && actor.isStrict !== (isReadStrictly ?? actor.isStrict)) throw new ReadOtherwise()
}

/** @throws FORBIDDEN  the directory is paused */
export function refusePaused({ actor }: Pick<ReadContext, 'actor'>): void {
  if (actor.kind !== 'directory' || !actor.isPaused) return
  throw new AppError('FORBIDDEN', 'This directory is paused. An Admin of the organization can resume it.')
}

function noting(context: WriteContext, changes: AuditEntry[]): WriteContext {
  return auditing(context, (entry) => {
    changes.push(entry)
    context.audit(entry)
  })
}

/** The same context, for whoever has something to do with what is recorded. */
export function auditing(context: WriteContext, audit: (entry: AuditEntry) => void): WriteContext {
  const { tx, actor, organizationId, request, locked, sealer } = context
  return {
    tx,
    actor,
    organizationId,
    request,
    locked,
    sealer,
    audit,
    send: (message) => context.send(message),
    count: (counters) => context.count(counters),
    last: (statement, values) => context.last(statement, values),
  }
}
