import { fromTypeId, toTypeId } from '../../src/kernel/ids'
import {
  type DirectoryGroup,
  type DirectoryGroupDraft,
  type GroupMember,
  type MemberIds,
  type MembershipDelta,
  nobodyHere,
} from '../../src/modules/directories'
import {
  type Attributes,
  caseKey,
  GROUP,
  locationOf,
  type MembershipChange,
  matchesElement,
  type Resource,
  USER,
  withMeta,
} from '../protocol'

/** A Group in our words; members apart. */
export function draftOfGroup({ displayName, externalId }: Resource): DirectoryGroupDraft {
  if (typeof displayName !== 'string') throw new Error('A Group without displayName was let through')
  return {
    displayName,
    displayNameKey: caseKey(displayName),
    externalId: typeof externalId === 'string' ? externalId : null,
  }
}

/** A stored group without its members, with the id: what PUT and PATCH begin from. */
export function storedGroup({ id, displayName, externalId }: DirectoryGroup): Resource {
  return {
    schemas: [GROUP.schema.id],
    id: toTypeId('DirectoryGroup', id),
    displayName,
    ...(externalId !== null && { externalId }),
  }
}

/** A group as clients see it. @param members  undefined when the answer does not show them */
export function groupResource(
  group: DirectoryGroup,
  members: readonly GroupMember[] | undefined,
  base: string,
): Resource {
  const stored = storedGroup(group)
  const resource =
    members && members.length > 0 ? { ...stored, members: members.map((one) => memberOf(one, base)) } : stored
  const { createdAt, updatedAt, version } = group
  const id = toTypeId('DirectoryGroup', group.id)
  return withMeta(GROUP, resource, { id, created: createdAt, lastModified: updatedAt, version }, base)
}

/** The UUID that an id in a URL names; null for anything that is no id of a group. */
export function uuidOfGroup(id: string): string | null {
  return fromTypeId('DirectoryGroup', id)
}

/** Who is to be in a group. @throws INVALID  naming the first that can be nobody here */
export function joiningOf(ids: readonly string[]): MemberIds {
  return parted(ids, (id) => {
    throw nobodyHere(id)
  })
}

/**
 * What a change of membership means for us.
 * @param members  looks at who is in the group; only what chooses by more than an id needs it
 * @throws INVALID  naming the first that can be nobody here
 */
export async function deltaOf(
  change: MembershipChange,
  members: () => Promise<readonly GroupMember[]>,
  base: string,
): Promise<MembershipDelta> {
  if (change.kind === 'ids') {
    const leaving = change.isReplacement ? 'everybody' : leavingOf(change.removed)
    return { joining: joiningOf(change.added), leaving }
  }
  const leaving = (await members()).filter((member) => matchesElement(change.filter, memberOf(member, base)))
  return { joining: { users: [], groups: [] }, leaving: leavingOf(leaving.map(idOf)) }
}

function leavingOf(ids: readonly string[]): MemberIds {
  return parted(ids, () => {})
}

function parted(ids: readonly string[], otherwise: (id: string) => void): MemberIds {
  const users: string[] = []
  const groups: string[] = []
  for (const id of ids) {
    const user = fromTypeId('DirectoryUser', id)
    const group = user ? null : fromTypeId('DirectoryGroup', id)
    if (user) users.push(user)
    else if (group) groups.push(group)
    else otherwise(id)
  }
  return { users, groups }
}

function memberOf(member: GroupMember, base: string): Attributes {
  const value = idOf(member)
  const type = member.kind === 'USER' ? USER : GROUP
  return { value, $ref: locationOf(type, value, base), type: type.name, display: member.display }
}

function idOf({ id, kind }: GroupMember): string {
  return toTypeId(kind === 'USER' ? 'DirectoryUser' : 'DirectoryGroup', id)
}
