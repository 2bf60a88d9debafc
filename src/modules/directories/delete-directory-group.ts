import { notFound } from '../../access'
import { deleteTeamRow } from '../teams'
import { directoryGroupTarget } from './directory-audit'
import type { DirectoryGroup } from './directory-group.model'
import { deleteDirectoryGroupRow, lockDirectoryGroup } from './directory-group.store'
import { directoryWrite } from './directory-use-case'
import { countInDirectory, type InDirectory } from './directory-user.store'
import { findUsersBelow, settleTeams } from './group-membership.store'
import { settleRoles } from './settle-roles'

/** DELETE of a group. */
export interface DeleteDirectoryGroup extends InDirectory {
  /** UUID */
  readonly groupId: string
  /** Refuses a version that the client has not seen; throws AppError. */
  readonly check: (stored: DirectoryGroup) => void
}

/**
 * Deletes a group with its team and its rules: what they gave ends with it. People stay.
 * @throws NOT_FOUND  the directory has no such group
 */
export const deleteDirectoryGroup = directoryWrite({
  name: 'deleteDirectoryGroup',
  locks: 'update',
  async run(context, { groupId, check, ...place }: DeleteDirectoryGroup): Promise<void> {
    const { tx, organizationId } = context
    const stored = await lockDirectoryGroup(tx, place, groupId)
    if (!stored) throw notFound('The group')
    check(stored)
    // Everybody in it is concerned, however many they are.
    tx.planAnew()
    const concerned = await findUsersBelow(tx, place, [groupId])
    await deleteDirectoryGroupRow(tx, place, groupId)
    await deleteTeamRow(tx, organizationId, stored.teamId)
    await settleTeams(tx, place, concerned)
    await settleRoles(context, place, concerned)
    context.audit({
      action: 'directory.group.deleted',
      targets: [directoryGroupTarget(stored)],
      changes: [{ field: 'members', before: stored.memberCount, after: 0 }],
    })
    countInDirectory(context, place, { groups: -1 })
  },
})
