import { type AccountSession, notFound, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { deleteIdentity, lockIdentities } from '../accounts'
import { type EndedSessions, endSessionsOfIdentity } from './ended-sessions.store'

/**
 * Takes a way to sign in from the account of the person who asks. What was opened with it ends at once, also the
 * session that asks: whoever gives up a mailbox must not stay signed in by it.
 *
 * @throws NOT_FOUND  it is somebody else's, or gone already
 * @throws LAST_IDENTITY  nobody could sign in to the account any more
 */
export const unlinkIdentity = writeUseCase({
  name: 'unlinkIdentity',
  requires: 'account',
  organization: () => null,
  locks: 'none',
  async run(context, { identityId }: { identityId: string }): Promise<EndedSessions> {
    const { tx } = context
    const { userId } = context.actor as AccountSession
    const identities = await lockIdentities(tx, userId)
    const identity = identities.find(({ id }) => id === identityId)
    if (!identity) throw notFound('The way to sign in')
    if (identities.length === 1)
      throw new AppError('LAST_IDENTITY', 'This is the only way to sign in to your account; link another one first.')

    const ended = await endSessionsOfIdentity(tx, userId, identityId)
    await deleteIdentity(tx, identityId)
    context.audit({
      action: 'identity.unlinked',
      targets: [
        { type: 'User', id: toTypeId('User', userId) },
        { type: 'ExternalIdentity', id: toTypeId('ExternalIdentity', identityId), label: identity.provider },
      ],
    })
    return ended
  },
})
