import { notFound, Pending, SYSTEM_ROLES, type WriteContext } from '../../access'
import { toTypeId } from '../../kernel/ids'
import type { Transaction } from '../../platform/database'
import { type HeldMember, provisionMember } from '../members'
import { directoryUserTarget } from './directory-audit'
import { findDirectorySettings } from './directory-settings.store'
import { auditing, directoryWrite } from './directory-use-case'
import { type DirectoryUser, type DirectoryUserDraft, type GroupOfUser, memberEmail } from './directory-user.model'
import { type InDirectory, updateDirectoryUser } from './directory-user.store'
import { setDirectoryUserActive } from './directory-user-active.store'
import { followDirectory, lockMember } from './follow-directory'
import { followProfile } from './follow-profile'
import { type LockedPerson, lockPerson } from './locked-person.store'
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
      /** Undefined when they were not asked for; null for none. */
      readonly groups: readonly GroupOfUser[] | null | undefined
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
  isPlain: true,
  sharedBeside: ({ userId }: ChangeDirectoryUser) => userId,
  ahead: lock,
  run: (context, input: ChangeDirectoryUser, person) => change(context, input, person, false),
})

/**
 * The same, also where an Admin leaves: the organization stands still meanwhile, so that of two who leave at once one is
 * seen to be the last.
 */
export const deactivateDirectoryAdmin = directoryWrite({
  name: 'deactivateDirectoryAdmin',
  locks: 'update',
  ahead: lock,
  run: (context, input: ChangeDirectoryUser, person) => change(context, input, person, true),
})

function lock(tx: Transaction, { userId, ...place }: ChangeDirectoryUser): Promise<LockedPerson | null> {
  return lockPerson(tx, place, userId)
}

async function change(
  context: WriteContext,
  { userId, change: changeOf, withGroups, ...place }: ChangeDirectoryUser,
  locked: LockedPerson | null,
  mayBeAdmin: boolean,
): Promise<DirectoryUserChanged | Pending<DirectoryUserChanged>> {
  if (!locked) throw notFound('The user')
  const { stored, areGroupsNested } = locked
  const changed = changeOf(stored)
  const wasActive = stored.active
  const findGroups = async () => (withGroups ? findGroupsOfUsers(context.tx, place, [userId]) : undefined)
  if (!changed) return { kind: 'unchanged', user: stored, wasActive, groups: await findGroups() }
  const member = await memberOf(context, place, { id: userId, member: locked.member }, changed.draft)
  if (!changed.draft.active && !mayBeAdmin && isAtWorkAsAdmin(member)) return { kind: 'admin-leaves' }
  const isStill = member === locked.member && member.status !== 'REMOVED'
  const isActiveAlone = changed.changes.every((name) => name === 'active')
  if (isStill && isActiveAlone && !(withGroups && areGroupsNested))
    return changeActive(context, place, locked, changed, withGroups)
  // What does not wait for each other leaves together.
  const [user, groups] = await Promise.all([
    updateDirectoryUser(context.tx, place, { id: userId, memberId: member.id }, changed.draft),
    findGroups(),
    member.status === 'REMOVED' ? null : follow(context, { ...locked, member }, changed.draft),
    isActiveAlone ? null : followProfile(context, place, member, changed.draft),
  ])
  audit(context, userId, member, changed)
  return { kind: 'changed', user, wasActive, groups }
}

async function follow(
  context: WriteContext,
  { member, hasKeys }: LockedPerson,
  { active }: DirectoryUserDraft,
): Promise<void> {
  const followed = await followDirectory(context, member, active, hasKeys)
  await followed.output
}

/** Somebody comes or goes, and nothing else: everything is asked at once, and the COMMIT with it. */
async function changeActive(
  context: WriteContext,
  place: InDirectory,
  { stored, member, hasKeys }: LockedPerson,
  changed: ChangedDirectoryUser,
  withGroups: boolean,
): Promise<Pending<DirectoryUserChanged>> {
  const written = new Pending(setDirectoryUserActive(context.tx, place, stored, changed.draft, withGroups))
  // One event tells of both: what has become of the member is all that has become of the person.
  let isTold = false
  const telling = auditing(context, (entry) => {
    isTold = true
    context.audit({ ...entry, targets: [...entry.targets, directoryUserTarget(stored)] })
  })
  const followed = await followDirectory(telling, member, changed.draft.active, hasKeys)
  if (!isTold) audit(context, stored.id, member, changed)
  return new Pending(answer())

  // In the order in which it was asked: behind what failed, the rest fails for that alone.
  async function answer(): Promise<DirectoryUserChanged> {
    const user = await written.output
    await followed.output
    return { kind: 'changed', user, wasActive: stored.active, groups: user.groups }
  }
}

function audit(context: WriteContext, id: string, member: HeldMember, { draft, changes }: ChangedDirectoryUser): void {
  context.audit({
    action: 'directory.user.updated',
    targets: [
      directoryUserTarget({ id, userName: draft.userName }),
      { type: 'Member', id: toTypeId('Member', member.id), label: draft.name },
    ],
    changes: [{ field: 'attributes', before: null, after: changes }],
  })
}

function isAtWorkAsAdmin({ status, roleKey }: HeldMember): boolean {
  return status === 'JOINED' && roleKey === SYSTEM_ROLES.ADMIN.key
}

/** The member behind the person. One that was removed here comes back as a new one, once the directory says active. */
async function memberOf(
  context: WriteContext,
  place: InDirectory,
  { id, member }: { id: string; member: HeldMember },
  draft: DirectoryUserDraft,
): Promise<HeldMember> {
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
