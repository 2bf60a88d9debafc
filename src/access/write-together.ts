import { AppError } from '../kernel/errors'
import type { Scope, Statement, Transaction } from '../platform/database'
import { authorize, notFound } from './authorize'
import type { LockedOrganization } from './context'
import type { AccessObject } from './policy'
import { INSTALLATION_ID, Recorder } from './recorder'
import type { Spine } from './spine'
import { Pending, type WriteUseCase } from './use-case'
import { NothingKept, type Writing } from './writing'

/**
 * Runs writes of one use case in one transaction, with their audit rows, messages and counters, and commits.
 * @param writings  1..; all of them by a caller with the same secrets
 * @returns  what each has come to, in the same order
 * @throws NothingKept  and why
 * @throws UNAVAILABLE  the database went away during the COMMIT: nobody knows
 */
export async function writeTogether<Input, Output, Seen extends AccessObject>(
  spine: Spine,
  useCase: WriteUseCase<Input, Output, Seen>,
  scope: Scope,
  writings: readonly Writing<Input>[],
): Promise<Output[]> {
  let isCommitting = false
  let hasMessages = false
  const outputs = await spine.database
    .write(
      scope,
      async (tx) => {
        isCommitting = false
        for (const { began } of writings) began(tx)
        const { recorder, done } = await run(tx, spine, useCase, scope, writings)
        const flushed = recorder.flush()
        flushed.catch(ignore)
        // In this order: behind a statement that failed, all others fail too, and say nothing.
        const recorded = Promise.all(done).then(() => flushed)
        if (recorder.actor.kind === 'directory' && recorder.actor.isDryRun) {
          // A rehearsal: everything was computed, against every constraint, and nothing of it stays.
          await recorded
          throw new Unchanged(await Promise.all(done))
        }
        tx.commitWith(recorded)
        hasMessages = recorder.hasMessages
        isCommitting = true
        return done
      },
      { keepsPlans: writings.length > 1 },
    )
    .catch((error: unknown) => {
      if (error instanceof Unchanged) return error.outputs as Output[]
      throw isCommitting && isUnavailable(error) ? error : new NothingKept(error)
    })
  if (hasMessages) spine.messagesQueued()
  return Promise.all(outputs)
}

/** Runs the writes up to where nothing is left to be asked but what they have recorded. @throws Unchanged */
async function run<Input, Output, Seen extends AccessObject>(
  tx: Transaction,
  spine: Spine,
  useCase: WriteUseCase<Input, Output, Seen>,
  scope: Scope,
  writings: readonly Writing<Input>[],
): Promise<{ recorder: Recorder; done: readonly Promise<Output>[] }> {
  const { requires, locks } = useCase
  const { caller } = writings[0]!
  const organizationId = scope.kind === 'organization' ? scope.organizationId : INSTALLATION_ID
  // The organization row first, the actor after it: whoever was removed while we waited is not let in. They are
  // sent together; PostgreSQL begins the second, with a snapshot of its own, when it has the lock. Beside others,
  // the actor's own member row is held as well: suspending somebody takes that one and not the organization.
  const [locked, actor, ahead] = await Promise.all([
    locks === 'none' ? null : lockOrganization(tx, organizationId, locks),
    spine.authenticator.prove(tx, caller, requires, locks === 'share'),
    allEnded(writings.map(({ input }) => useCase.ahead?.(tx, input))),
  ])
  for (const { proven } of writings) proven(actor)
  const each = await allEnded(writings.map(runOne))
  const done = each.map(({ output }) => output)
  if (!useCase.unaudited && !each.some(({ recorder }) => recorder.hasRecorded))
    throw new Unchanged(await Promise.all(done))
  const recorder = each.map((one) => one.recorder).reduce((all, other) => all.takeOver(other))
  return { recorder, done }

  async function runOne({ input, caller: { request } }: Writing<Input>, index: number) {
    const recorder = new Recorder(tx, actor, request, locked, organizationId, spine.sealer)
    const object = await authorize(useCase, recorder, input)
    // In the words of use cases that hide one: nobody tells by them which ids are those of organizations.
    if (locked?.status === 'PENDING_DELETION' && !useCase.whilePendingDeletion) throw notFound('The organization')
    if (!locked && locks !== 'none') throw notFound('The organization')
    if (useCase.takesLong) await tx.execute(TAKE_LONG)
    const output = await useCase.run(recorder, input, object, ahead[index])
    return { recorder, output: output instanceof Pending ? output.output : Promise.resolve(output) }
  }
}

/** Carries the outputs of writes that are to leave nothing behind out of the transaction that is rolled back. */
class Unchanged extends Error {
  constructor(readonly outputs: readonly unknown[]) {
    super('Nothing is to be kept')
  }
}

/** Waits for all, also when one has failed, so that nobody asks anything of a transaction that was given up. */
async function allEnded<T>(works: readonly (T | Promise<T>)[]): Promise<T[]> {
  await Promise.allSettled(works)
  return Promise.all(works)
}

function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'UNAVAILABLE'
}

function ignore(): void {}

async function lockOrganization(tx: Transaction, organizationId: string, lock: 'share' | 'update') {
  const [row] = await tx.query<LockedOrganization>(lock === 'share' ? LOCK_SHARE : LOCK_UPDATE, [organizationId])
  return row ?? null
}

const LOCKED_COLUMNS =
  'SELECT organization_id, name, slug, status, membership_mode FROM organizations WHERE organization_id = $1'
const LOCK_SHARE: Statement = { name: 'lock-organization-share', text: `${LOCKED_COLUMNS} FOR SHARE` }
const LOCK_UPDATE: Statement = { name: 'lock-organization-update', text: `${LOCKED_COLUMNS} FOR UPDATE` }
const TAKE_LONG: Statement = { name: 'write-takes-long', text: 'SET LOCAL statement_timeout TO 0' }
