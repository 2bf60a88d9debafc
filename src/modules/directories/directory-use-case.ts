import type { ReadContext } from '../../access'
import { type AuditEntry, type WriteContext, type WriteUseCase, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import type { InDirectory } from './directory-user.store'

/** What a write came to, and what it changed on the way, as in the audit: for the request log. */
export interface Recorded<Output> {
  readonly output: Output
  readonly changes: readonly AuditEntry[]
}

/** A write by a directory: everything but who may do it, which is the directory itself and nobody else. */
interface DirectoryWrite<Input extends InDirectory, Output> {
  readonly name: string
  /** `update` when somebody may lose something by it: nothing they began before is finished after the answer. */
  readonly locks: 'share' | 'update'
  readonly unaudited?: true
  run(context: WriteContext, input: Input): Promise<Output>
}

/**
 * Declares a write that only a directory makes, in itself. In a dry run it is computed and rolled back.
 * The use case throws FORBIDDEN while the directory is paused, beside what `run` throws.
 */
export function directoryWrite<Input extends InDirectory, Output>(
  definition: DirectoryWrite<Input, Output>,
): WriteUseCase<Input, Recorded<Output>> {
  return writeUseCase({
    ...definition,
    requires: 'directory',
    organization: (input) => input.organizationId,
    async run(context, input) {
      refusePaused(context)
      context.tx.keepPlans()
      const changes: AuditEntry[] = []
      const output = await definition.run(noting(context, changes), input)
      return { output, changes }
    },
  })
}

/** @throws FORBIDDEN  the directory is paused */
export function refusePaused({ actor }: Pick<ReadContext, 'actor'>): void {
  if (actor.kind !== 'directory' || !actor.isPaused) return
  throw new AppError('FORBIDDEN', 'This directory is paused. An Admin of the organization can resume it.')
}

function noting(context: WriteContext, changes: AuditEntry[]): WriteContext {
  const { tx, actor, organizationId, request, locked, sealer } = context
  return {
    tx,
    actor,
    organizationId,
    request,
    locked,
    sealer,
    audit(entry) {
      changes.push(entry)
      context.audit(entry)
    },
    send: (message) => context.send(message),
    count: (counters) => context.count(counters),
    last: (statement, values) => context.last(statement, values),
  }
}
