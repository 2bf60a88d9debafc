import { notFound, SYSTEM_ROLES, type WriteContext } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { type LockedMember, lockMemberOfPerson, provisionMember } from '../members'
import { directoryUserTarget } from './directory-audit'
import { findDirectorySettings } from './directory-settings.store'
import { directoryWrite } from './directory-use-case'
import { type DirectoryUser, type DirectoryUserDraft, type GroupOfUser, memberEmail } from './directory-user.model'
import { type InDirectory, lockDirectoryUser, updateDirectoryUser } from './directory-user.store'
import { followDirectory, lockMember } from './follow-directory'
import { followProfile } from './follow-profile'
import { findMembersByEmail } from './member-match.store'
import { findGroupsOfUsers } from './user-groups.store'

/** A person after a change, and which attributes differ, as the protocol writes them. */
export interface ChangedDirectoryUser {
  readonly draft: DirectoryUserDraft
  readonly changes: readonly string[]
}

/** PUT or PATCH of a person. */
export interface ChangeDirectoryUser extends InDirectory {
  /** UUID */
  readonly userId: string
  /** What the person becomes; null when nothing changes. Given the stored person under its lock; throws AppError. */
  readonly change: (stored: DirectoryUser) => ChangedDirectoryUser | null
  /** Whether the answer tells the groups of the person. */
  readonly withGroups: boolean
}

/** What became of it. `admin-leaves`: nothing was done, since that takes `deactivateDirectoryAdmin`. */
export type DirectoryUserChanged =
  | {
      readonly kind: 'changed' | 'unchanged'
      readonly user: DirectoryUser
      readonly wasActive: boolean
      /** Undefined when they were not asked for. */
      readonly groups: readonly GroupOfUser[] | undefined
    }
  | { readonly kind: 'admin-leaves' }

/**
 * Changes a person: name and address of the member follow, and so does the status. Access that ends has ended when the
 * answer is there: the member's row is locked, which whoever writes in their name holds. Where an Admin would leave, nothing
 * is done and the answer says so.
 *
 * @throws NOT_FOUND  the directory has no such person
 * @throws NOT_UNIQUE  another person of the directory has the new userName
 */
export const changeDirectoryUser = directoryWrite({
  name: 'changeDirectoryUser',
  locks: 'share',
  run: (context, input: ChangeDirectoryUser) => change(context, input, false),
})

/**
 * The same, also where an Admin leaves: the organization stands still meanwhile, so that of two who leave at once one is
 * seen to be the last.
 */
export const deactivateDirectoryAdmin = directoryWrite({
  name: 'deactivateDirectoryAdmin',
  locks: 'update',
  run: (context, input: ChangeDirectoryUser) => change(context, input, true),
})

async function change(
  context: WriteContext,
  { userId, change: changeOf, withGroups, ...place }: ChangeDirectoryUser,
  mayBeAdmin: boolean,
): Promise<DirectoryUserChanged> {
  const [stored, known] = await Promise.all([
    lockDirectoryUser(context.tx, place, userId),
    lockMemberOfPerson(context.tx, place, userId),
  ])
  if (!stored || !known) throw notFound('The user')
  const changed = changeOf(stored)
  const findGroups = async () => (withGroups ? findGroupsOfUsers(context.tx, place, [userId]) : undefined)
  if (!changed) return { kind: 'unchanged', user: stored, wasActive: stored.active, groups: await findGroups() }
  const { draft, changes } = changed
  const member = await memberOf(context, place, { id: userId, member: known }, draft)
  if (!draft.active && !mayBeAdmin && isAtWorkAsAdmin(member)) return { kind: 'admin-leaves' }
  // What does not wait for each other leaves together.
  const [user, groups] = await Promise.all([
    updateDirectoryUser(context.tx, place, { id: userId, memberId: member.id }, draft),
    findGroups(),
    member.status === 'REMOVED' ? null : followDirectory(context, member, draft.active),
    changes.every((name) => name === 'active') ? null : followProfile(context, place, member, draft),
  ])
  context.audit({
    action: 'directory.user.updated',
    targets: [directoryUserTarget(user), { type: 'Member', id: toTypeId('Member', member.id), label: draft.name }],
    changes: [{ field: 'attributes', before: null, after: changes }],
  })
  return { kind: 'changed', user, wasActive: stored.active, groups }
}

function isAtWorkAsAdmin({ status, roleKey }: LockedMember): boolean {
  return status === 'JOINED' && roleKey === SYSTEM_ROLES.ADMIN.key
}

/** The member behind the person. One that was removed here comes back as a new one, once the directory says active. */
async function memberOf(
  context: WriteContext,
  place: InDirectory,
  { id, member }: { id: string; member: LockedMember },
  draft: DirectoryUserDraft,
): Promise<LockedMember> {
  if (member.status !== 'REMOVED' || !draft.active) return member
  const { defaultRole } = await findDirectorySettings(context.tx, place)
  const taken = await findMembersByEmail(context.tx, place, draft.emails, draft.userNameKey)
  const { memberId } = await provisionMember(context, place.organizationId, {
    name: draft.name,
    email: memberEmail(draft.emails, new Set(taken.map(({ email }) => email)), toTypeId('DirectoryUser', id)),
    role: defaultRole,
    source: 'SCIM',
  })
  return lockMember(context, memberId)
}
