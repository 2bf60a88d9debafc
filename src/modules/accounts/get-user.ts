import { actorUserId, notFound, readUseCase } from '../../access'
import type { UserEntity } from './user.entity'
import { findUser } from './user-access.store'

/**
 * An account, for the person behind it and for the operator.
 * @throws NOT_FOUND  for everybody else
 */
export const getUser = readUseCase({
  name: 'getUser',
  requires: 'anyone',
  organization: () => null,
  async run({ tx, actor }, { userId }: { userId: string }): Promise<UserEntity> {
    const isVisible = actor.kind === 'operator' || actorUserId(actor) === userId
    const user = isVisible ? await findUser(tx, userId) : null
    if (!user) throw notFound('The account')
    return user
  },
})
