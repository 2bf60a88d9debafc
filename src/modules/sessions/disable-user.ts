import { writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { setUserDisabled } from '../accounts'
import { type EndedSessions, endEverySession } from './ended-sessions.store'

/**
 * Shuts an account out everywhere at once: every session ends in the same transaction and no new one can be opened.
 * Memberships stay, so that the account can be enabled again.
 *
 * @returns the receipt; zeros when the account was disabled already
 * @throws NOT_FOUND  when there is no such account
 */
export const disableUser = writeUseCase({
  name: 'disableUser',
  requires: 'operator',
  organization: () => null,
  locks: 'none',
  async run(context, { userId }: { userId: string }): Promise<EndedSessions> {
    const { name, email, hasChanged } = await setUserDisabled(context.tx, userId, true)
    const ended = await endEverySession(context.tx, userId)
    if (hasChanged || ended.accountSessions + ended.organizationSessions > 0)
      context.audit({
        action: 'user.disabled',
        targets: [{ type: 'User', id: toTypeId('User', userId), label: name || email }],
      })
    return ended
  },
})
