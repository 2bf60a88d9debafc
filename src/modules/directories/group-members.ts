import type { WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { DEEPEST_NESTING, type MembershipDelta } from './directory-group.model'
import type { InDirectory } from './directory-user.store'
import {
  addGroupsToGroup,
  addUsersToGroup,
  findUsersBelow,
  measureNesting,
  removeGroupsFromGroup,
  removeOtherGroups,
  removeOtherUsers,
  removeUsersFromGroup,
} from './group-membership.store'

/** Who came into a group and who went, by UUID. */
export interface MembershipChanges {
  readonly joined: readonly string[]
  readonly left: readonly string[]
  /** Everybody whose teams and role may be others now. */
  readonly concerned: readonly string[]
  /** How many members the group has more. */
  readonly more: number
  /** No group came or went, and nobody left. */
  readonly isJoiningOnly: boolean
}

/**
 * Writes changes of who is in a group, in their order; what they cost follows from those who join and leave.
 *
 * @throws INVALID  somebody who is to join is nobody in this directory, or groups would nest in a circle or too deep
 */
export async function changeGroupMembers(
  { tx }: WriteContext,
  place: InDirectory,
  groupId: string,
  deltas: readonly MembershipDelta[],
): Promise<MembershipChanges> {
  if (mayConcernMany(deltas)) tx.planAnew()
  const users = new Movements()
  const groups = new Movements()
  for (const { joining, leaving } of deltas) {
    if (joining.groups.includes(groupId)) throw belowItself()
    const isEverybody = leaving === 'everybody'
    users.leave(
      isEverybody
        ? await removeOtherUsers(tx, place, groupId, joining.users)
        : await removeUsersFromGroup(tx, place, groupId, leaving.users),
    )
    groups.leave(
      isEverybody
        ? await removeOtherGroups(tx, place, groupId, joining.groups)
        : await removeGroupsFromGroup(tx, place, groupId, leaving.groups),
    )
    users.join(known('DirectoryUser', await addUsersToGroup(tx, place, groupId, joining.users)))
    groups.join(known('DirectoryGroup', await addGroupsToGroup(tx, place, groupId, joining.groups)))
  }
  if (groups.joined.length > 0) await refuseBadNesting({ tx }, place, groupId)
  const moved = [...groups.joined, ...groups.left]
  const below = moved.length > 0 ? await findUsersBelow(tx, place, moved) : []
  return {
    joined: [...users.joined, ...groups.joined],
    left: [...users.left, ...groups.left],
    concerned: [...new Set([...users.joined, ...users.left, ...below])],
    more: users.more + groups.more,
    isJoiningOnly: moved.length === 0 && users.left.length === 0,
  }
}

// The plan that is kept expects a handful, and tables as they were when it was made: in a directory that is being filled,
// thousands of people would be looked for one by one in whatever was cheap while it was empty.
const A_HANDFUL = 100

function mayConcernMany(deltas: readonly MembershipDelta[]): boolean {
  let people = 0
  for (const { joining, leaving } of deltas) {
    if (leaving === 'everybody' || joining.groups.length + leaving.groups.length > 0) return true
    people += joining.users.length + leaving.users.length
  }
  return people > A_HANDFUL
}

/** Who joined and left in the end: whoever does both did neither. */
class Movements {
  readonly #joined = new Set<string>()
  readonly #left = new Set<string>()

  join(ids: readonly string[]): void {
    for (const id of ids) if (!this.#left.delete(id)) this.#joined.add(id)
  }

  leave(ids: readonly string[]): void {
    for (const id of ids) if (!this.#joined.delete(id)) this.#left.add(id)
  }

  get joined(): readonly string[] {
    return [...this.#joined]
  }

  get left(): readonly string[] {
    return [...this.#left]
  }

  get more(): number {
    return this.#joined.size - this.#left.size
  }
}

function known(
  type: 'DirectoryUser' | 'DirectoryGroup',
  { added, unknown }: { added: readonly string[]; unknown: readonly string[] },
): readonly string[] {
  if (unknown[0]) throw nobodyHere(toTypeId(type, unknown[0]))
  return added
}

/** The refusal of a member that the directory does not have, by the id that was sent. */
export function nobodyHere(id: string): AppError {
  return new AppError('INVALID', `"members": ${JSON.stringify(id)} is neither a user nor a group of this directory.`)
}

function belowItself(): AppError {
  return new AppError('INVALID', '"members": a group cannot be below itself.')
}

async function refuseBadNesting({ tx }: Pick<WriteContext, 'tx'>, place: InDirectory, groupId: string): Promise<void> {
  const { depth, isCircular } = await measureNesting(tx, place, groupId)
  if (isCircular) throw belowItself()
  if (depth > DEEPEST_NESTING) throw new AppError('INVALID', `"members": groups nest at most ${DEEPEST_NESTING} deep.`)
}
