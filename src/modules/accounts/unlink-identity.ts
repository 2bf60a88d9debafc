import { type AccountSession, notFound, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { deleteIdentity, lockIdentities } from './identity.store'

/**
 * Removes a way to sign in from the account of the person who is signed in, with the account sessions opened by it.
 *
 * @throws NOT_FOUND  the account has no such identity
 * @throws WRONG_STATE  it is the last one, or the one that this session was opened with
 */
export const unlinkIdentity = writeUseCase({
  name: 'unlinkIdentity',
  requires: 'account',
  organization: () => null,
  locks: 'none',
  async run(context, { identityId }: { identityId: string }): Promise<void> {
    const actor = context.actor as AccountSession
    const identities = await lockIdentities(context.tx, actor.userId)
    const identity = identities.find(({ id }) => id === identityId)
    if (!identity) throw notFound('The identity')
    if (identities.length === 1)
      throw new AppError('WRONG_STATE', 'This is the only way to sign in to the account; link another one first.')
    if (identityId === actor.identityId)
      throw new AppError('WRONG_STATE', 'You are signed in with this identity; sign in with another one first.')
    await deleteIdentity(context.tx, identityId)
    context.audit({
      action: 'identity.unlinked',
      targets: [
        { type: 'User', id: toTypeId('User', actor.userId) },
        { type: 'ExternalIdentity', id: toTypeId('ExternalIdentity', identityId), label: identity.provider },
      ],
    })
  },
})
