import { notFound, Pending, type WriteContext } from '../../access'
import { toTypeId } from '../../kernel/ids'
import type { Transaction } from '../../platform/database'
import { renameMirrorTeam } from '../teams'
import { directoryGroupTarget } from './directory-audit'
import type { DirectoryGroup, DirectoryGroupDraft, GroupMember, MembershipDelta } from './directory-group.model'
import { lockDirectoryGroup, updateDirectoryGroup } from './directory-group.store'
import { directoryWrite } from './directory-use-case'
import type { InDirectory } from './directory-user.store'
import { changeGroupMembers, type MembershipChanges } from './group-members'
import { joinTeams, listGroupMembers, settleTeams } from './group-membership.store'
import { isRoleDecided, settleRoles } from './settle-roles'

/** What a group is to become. */
export interface ChangedDirectoryGroup {
  readonly draft: DirectoryGroupDraft
  /** Attributes that differ, members aside, as the protocol writes them. */
  readonly changes: readonly string[]
  /** In the order in which they apply; none: nobody joins or leaves. */
  readonly membership: readonly MembershipDelta[]
}

/** PUT or PATCH of a group. */
export interface ChangeDirectoryGroup extends InDirectory {
  /** UUID */
  readonly groupId: string
  /** What the group becomes. Given the stored group under its lock, and a way to look at its members; throws AppError. */
  readonly change: (
    stored: DirectoryGroup,
    members: () => Promise<readonly GroupMember[]>,
  ) => Promise<ChangedDirectoryGroup>
}

/** What became of it. `somebody-may-lose`: nothing was done, since that takes `changeDirectoryGroupAccess`. */
export type DirectoryGroupChanged =
  | { readonly kind: 'changed' | 'unchanged'; readonly group: DirectoryGroup }
  | { readonly kind: 'somebody-may-lose' }

/**
 * Renames a group and lets people join. Where somebody leaves, groups nest, or rules decide about roles, nothing is done
 * and the answer says so.
 *
 * @throws NOT_FOUND  the directory has no such group
 * @throws NOT_UNIQUE  another group of the directory has the new displayName
 * @throws INVALID  a member is nobody in this directory, or groups would nest in a circle or too deep
 */
export const changeDirectoryGroup = directoryWrite({
  name: 'changeDirectoryGroup',
  locks: 'share',
  ahead: lock,
  run: (context, input: ChangeDirectoryGroup, locked) => change(context, input, locked, false),
})

/** The same, also where somebody loses a team or a role: the organization stands still meanwhile. */
export const changeDirectoryGroupAccess = directoryWrite({
  name: 'changeDirectoryGroupAccess',
  locks: 'update',
  ahead: lock,
  run: (context, input: ChangeDirectoryGroup, locked) => change(context, input, locked, true),
})

/** The group, held until the transaction ends, and whether rules decide about roles. */
type Locked = readonly [DirectoryGroup | null, boolean]

function lock(tx: Transaction, { groupId, ...place }: ChangeDirectoryGroup): Promise<Locked> {
  return Promise.all([lockDirectoryGroup(tx, place, groupId), isRoleDecided(tx, place)])
}

async function change(
  context: WriteContext,
  { groupId, change: changeOf, ...place }: ChangeDirectoryGroup,
  [stored, areRolesDecided]: Locked,
  maySomebodyLose: boolean,
): Promise<DirectoryGroupChanged | Pending<DirectoryGroupChanged>> {
  const { tx, organizationId } = context
  if (!stored) throw notFound('The group')
  const { draft, changes, membership } = await changeOf(stored, () => listGroupMembers(tx, place, [groupId]))
  if (!maySomebodyLose && isAboutAccess(membership, areRolesDecided)) return { kind: 'somebody-may-lose' }
  const moved = await changeGroupMembers(context, place, groupId, membership)
  const isMoved = moved.joined.length + moved.left.length > 0
  if (!isMoved && changes.length === 0) return { kind: 'unchanged', group: stored }
  if (areRolesDecided) await settleRoles(context, place, moved.concerned)
  if (draft.displayName !== stored.displayName)
    await renameMirrorTeam(tx, organizationId, { id: stored.teamId, name: draft.displayName })
  const updated = new Pending(updateDirectoryGroup(tx, place, groupId, draft, moved.more))
  const settled = new Pending(
    moved.isJoiningOnly ? joinTeams(tx, place, groupId, moved.joined) : settleTeams(tx, place, moved.concerned),
  )
  audit(context, { id: groupId, displayName: draft.displayName }, stored, changes, moved)
  return new Pending(answer())

  // In the order in which it was asked: behind what failed, the rest fails for that alone.
  async function answer(): Promise<DirectoryGroupChanged> {
    const group = await updated.output
    await settled.output
    return { kind: 'changed', group }
  }
}

function isAboutAccess(membership: readonly MembershipDelta[], areRolesDecided: boolean): boolean {
  if (membership.length === 0) return false
  const isAddingPeopleOnly = membership.every(
    ({ joining, leaving }) =>
      joining.groups.length === 0 && leaving !== 'everybody' && leaving.users.length + leaving.groups.length === 0,
  )
  return !isAddingPeopleOnly || areRolesDecided
}

const NAMED_IN_AUDIT = 100

function audit(
  context: WriteContext,
  group: Pick<DirectoryGroup, 'id' | 'displayName'>,
  stored: DirectoryGroup,
  changes: readonly string[],
  { joined, left, more }: MembershipChanges,
): void {
  const first = (ids: readonly string[]) => ids.slice(0, NAMED_IN_AUDIT).map((id) => toTypeId('DirectoryUser', id))
  context.audit({
    action: 'directory.group.updated',
    targets: [directoryGroupTarget(group)],
    changes: [
      ...(changes.length > 0 ? [{ field: 'attributes', before: null, after: changes }] : []),
      ...(joined.length + left.length > 0
        ? [{ field: 'members', before: stored.memberCount, after: stored.memberCount + more }]
        : []),
      ...(joined.length > 0 ? [{ field: 'joined', before: null, after: first(joined) }] : []),
      ...(left.length > 0 ? [{ field: 'left', before: first(left), after: null }] : []),
    ],
  })
}
