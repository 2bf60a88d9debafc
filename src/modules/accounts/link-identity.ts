import { type AccountSession, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId, toTypeId } from '../../kernel/ids'
import { findIdentity, insertIdentity } from './identity.store'
import { checkIdentity, type ProvenIdentity } from './proven-identity.model'

/** A second way to sign in, proven by a person who is signed in. */
export interface LinkIdentity {
  readonly identity: ProvenIdentity
  /** Who was signed in when the linking began; whoever is signed in now must be the same. */
  readonly userId: string
}

/**
 * Adds a way to sign in to the account of the person who is signed in. Both are proven: the account by its session,
 * the identity by its provider.
 *
 * @throws UNAUTHENTICATED  another account is signed in than the one that began
 * @throws CONFLICT  the identity opens another account
 */
export const linkIdentity = writeUseCase({
  name: 'linkIdentity',
  requires: 'account',
  organization: () => null,
  locks: 'none',
  async run(context, input: LinkIdentity): Promise<void> {
    const { userId } = context.actor as AccountSession
    if (userId !== input.userId) throw new AppError('UNAUTHENTICATED', 'You signed in as somebody else meanwhile.')
    const identity = checkIdentity(input.identity)
    const known = await findIdentity(context.tx, identity.provider, identity.subject)
    if (known?.user_id === userId) return
    const id = newId()
    if (known || !(await insertIdentity(context.tx, id, userId, identity))) throw opensAnotherAccount()
    context.audit({
      action: 'identity.linked',
      targets: [
        { type: 'User', id: toTypeId('User', userId) },
        { type: 'ExternalIdentity', id: toTypeId('ExternalIdentity', id), label: identity.provider },
      ],
    })
  },
})

/** The identity opens another account than the one it is to be added to. */
export function opensAnotherAccount(): AppError {
  return new AppError(
    'CONFLICT',
    'This sign-in belongs to another account; link another one, or sign in with it to use that account.',
  )
}
