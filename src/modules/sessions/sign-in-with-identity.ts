import { type WriteContext, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { type SignInOutcome, type SignInPerson, signInPerson } from '../accounts'
import { endSession } from './ended-sessions.store'

/**
 * Signs in the person whom a provider has proven, and signs out whoever was signed in in the same browser: it never
 * holds two account sessions, and none that nobody can end any more.
 *
 * @throws INVALID  the provider has verified no address, which a new account needs
 * @throws UNAUTHENTICATED  the account is disabled; it says no more than that
 */
export const signInWithIdentity = writeUseCase({
  name: 'signInWithIdentity',
  requires: 'anyone',
  organization: () => null,
  locks: 'none',
  async run(context, input: SignInPerson): Promise<SignInOutcome> {
    const outcome = await signInPerson(context, input)
    if (outcome.kind === 'signed-in') await endPreviousSession(context)
    return outcome
  },
})

async function endPreviousSession(context: WriteContext): Promise<void> {
  if (context.actor.kind !== 'account') return
  const { userId, sessionId } = context.actor
  await endSession(context.tx, userId, sessionId)
  context.audit({ action: 'session.ended', targets: [{ type: 'Session', id: toTypeId('Session', sessionId) }] })
}
