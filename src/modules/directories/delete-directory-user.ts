import { notFound } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { directoryUserTarget } from './directory-audit'
import { findDirectorySettings } from './directory-settings.store'
import { directoryWrite } from './directory-use-case'
import type { DirectoryUser } from './directory-user.model'
import { countInDirectory, deleteDirectoryUserRow, type InDirectory, lockDirectoryUser } from './directory-user.store'
import { endAccess, lockMember } from './follow-directory'
import { leaveAllTeams } from './group-membership.store'

/** DELETE of a person. */
export interface DeleteDirectoryUser extends InDirectory {
  /** UUID */
  readonly userId: string
  /** Refuses a version that the client has not seen; throws AppError. */
  readonly check: (stored: DirectoryUser) => void
}

/**
 * Deletes a person of the directory. The member is removed or suspended, as the directory says, and loses the teams of its
 * groups; access ends in the same transaction, also that of the last Admin.
 *
 * @throws NOT_FOUND  the directory has no such person
 */
export const deleteDirectoryUser = directoryWrite({
  name: 'deleteDirectoryUser',
  locks: 'update',
  async run(context, { userId, check, ...place }: DeleteDirectoryUser): Promise<{ memberId: string }> {
    const { tx } = context
    const stored = await lockDirectoryUser(tx, place, userId)
    if (!stored) throw notFound('The user')
    check(stored)
    const { deprovisionAction } = await findDirectorySettings(tx, place)
    const member = await lockMember(context, stored.memberId)
    await leaveAllTeams(tx, place, [stored.memberId])
    await deleteDirectoryUserRow(tx, place, userId)
    const isRemoved = deprovisionAction === 'REMOVE'
    if (member.status === 'JOINED' || (isRemoved && member.status !== 'REMOVED'))
      await endAccess(context, member, isRemoved ? 'REMOVED' : 'SUSPENDED')
    context.audit({
      action: 'directory.user.deleted',
      targets: [
        directoryUserTarget(stored),
        { type: 'Member', id: toTypeId('Member', member.id), label: member.name || member.email },
      ],
    })
    countInDirectory(context, place, { users: -1 })
    return { memberId: member.id }
  },
})
