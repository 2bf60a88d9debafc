import { writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { setUserDisabled } from './user-access.store'

/**
 * Lets a disabled account sign in again. Its sessions stay ended.
 * @throws NOT_FOUND  when there is no such account
 */
export const enableUser = writeUseCase({
  name: 'enableUser',
  requires: 'operator',
  organization: () => null,
  locks: 'none',
  async run(context, { userId }: { userId: string }): Promise<void> {
    const { name, email, hasChanged } = await setUserDisabled(context.tx, userId, false)
    if (hasChanged)
      context.audit({
        action: 'user.enabled',
        targets: [{ type: 'User', id: toTypeId('User', userId), label: name || email }],
      })
  },
})
