import { newId } from '../../kernel/ids'
import { insertMirrorTeam } from '../teams'
import { directoryGroupTarget } from './directory-audit'
import type { DirectoryGroup, DirectoryGroupDraft, MemberIds } from './directory-group.model'
import { insertDirectoryGroup, setMemberCount } from './directory-group.store'
import { directoryWrite } from './directory-use-case'
import { countInDirectory, type InDirectory } from './directory-user.store'
import { changeGroupMembers } from './group-members'
import { settleTeams } from './group-membership.store'

/** A group that the identity provider pushes for the first time. */
export interface CreateDirectoryGroup extends InDirectory {
  readonly draft: DirectoryGroupDraft
  readonly members: MemberIds
}

/**
 * Makes a group with its members, and the team that mirrors it. A new group gives nothing yet: rules and grants come later.
 *
 * @throws NOT_UNIQUE  the directory has a group with this displayName
 * @throws INVALID  a member is nobody in this directory
 */
export const createDirectoryGroup = directoryWrite({
  name: 'createDirectoryGroup',
  locks: 'share',
  async run(context, { draft, members, ...place }: CreateDirectoryGroup): Promise<DirectoryGroup> {
    const { tx, organizationId } = context
    const [id, teamId] = [newId(), newId()]
    await insertMirrorTeam(tx, organizationId, { id: teamId, name: draft.displayName })
    const empty = await insertDirectoryGroup(tx, place, { id, teamId }, draft)
    const { concerned, more } = await changeGroupMembers(context, place, id, [
      { joining: members, leaving: { users: [], groups: [] } },
    ])
    await settleTeams(tx, place, concerned)
    context.audit({
      action: 'directory.group.created',
      targets: [directoryGroupTarget(empty)],
      changes: [{ field: 'members', before: 0, after: more }],
    })
    if (more > 0) await setMemberCount(tx, place, id, more)
    countInDirectory(context, place, { groups: 1 })
    return { ...empty, memberCount: more }
  },
})
