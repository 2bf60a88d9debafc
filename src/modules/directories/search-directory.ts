import { readUseCase } from '../../access'
import type { DirectoryGroup, GroupMember } from './directory-group.model'
import { refusePaused } from './directory-use-case'
import type { DirectoryUser, GroupOfUser } from './directory-user.model'
import { findDirectoryUser, type InDirectory } from './directory-user.store'
import { listGroupMembers } from './group-membership.store'
import { type Found, type ResourceSearch, searchGroupRows, searchUserRows } from './resource-search.store'
import { findGroupsOfUsers } from './user-groups.store'

/** One page of people. */
export interface SearchDirectoryUsers extends InDirectory {
  readonly search: ResourceSearch
  /** Whether the groups of those found are wanted. */
  readonly withGroups: boolean
}

/** One page of groups. */
export interface SearchDirectoryGroups extends InDirectory {
  readonly search: ResourceSearch
  /** Whether the members of those found are wanted. */
  readonly withMembers: boolean
}

/**
 * Looks for people of a directory, for the directory itself.
 * @throws FORBIDDEN  the directory is paused
 * @throws COST_EXCEEDED  it takes too long
 */
export const searchDirectoryUsers = readUseCase({
  name: 'searchDirectoryUsers',
  requires: 'directory',
  organization: (input: SearchDirectoryUsers) => input.organizationId,
  async run(
    context,
    { search, withGroups, ...place },
  ): Promise<Found<DirectoryUser> & { groups: readonly GroupOfUser[] }> {
    refusePaused(context)
    const found = await searchUserRows(context.tx, place, search)
    const ids = found.rows.map(({ id }) => id)
    return { ...found, groups: withGroups ? await findGroupsOfUsers(context.tx, place, ids) : [] }
  },
})

/** One person by id. */
export interface ReadDirectoryUser extends InDirectory {
  /** UUID */
  readonly userId: string
  /** Whether their groups are wanted. */
  readonly withGroups: boolean
}

/**
 * One person of a directory, for the directory itself; null when it has none with this id. In one trip to the database.
 * @throws FORBIDDEN  the directory is paused
 */
export const readDirectoryUser = readUseCase({
  name: 'readDirectoryUser',
  requires: 'directory',
  organization: (input: ReadDirectoryUser) => input.organizationId,
  async run(
    context,
    { userId, withGroups, ...place },
  ): Promise<{ user: DirectoryUser; groups: readonly GroupOfUser[] } | null> {
    refusePaused(context)
    const [user, groups] = await Promise.all([
      findDirectoryUser(context.tx, place, userId),
      withGroups ? findGroupsOfUsers(context.tx, place, [userId]) : [],
    ])
    return user && { user, groups }
  },
})

/**
 * Looks for groups of a directory, for the directory itself.
 * @throws FORBIDDEN  the directory is paused
 * @throws COST_EXCEEDED  it takes too long
 */
export const searchDirectoryGroups = readUseCase({
  name: 'searchDirectoryGroups',
  requires: 'directory',
  organization: (input: SearchDirectoryGroups) => input.organizationId,
  async run(
    context,
    { search, withMembers, ...place },
  ): Promise<Found<DirectoryGroup> & { members: readonly GroupMember[] }> {
    refusePaused(context)
    const found = await searchGroupRows(context.tx, place, search)
    const ids = found.rows.map(({ id }) => id)
    return { ...found, members: withMembers && ids.length > 0 ? await listGroupMembers(context.tx, place, ids) : [] }
  },
})

/**
 * Who asks: what the directory's own settings say about how its requests are read.
 * @throws UNAUTHENTICATED  the token is not one of this directory
 */
export const identifyDirectory = readUseCase({
  name: 'identifyDirectory',
  requires: 'directory',
  organization: (input: InDirectory) => input.organizationId,
  run: async ({ actor }) => {
    if (actor.kind !== 'directory') throw new Error('Only a directory passes here')
    return actor
  },
})
