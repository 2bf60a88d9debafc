import { type DirectoryActor, type Proven, provingReadUseCase } from '../../access'
import type { Transaction } from '../../platform/database'
import { findAskedUser } from './asked-user.store'
import { findDirectoryActor } from './directory-actor.store'
import type { DirectoryGroup, GroupMember } from './directory-group.model'
import { refusePaused } from './directory-use-case'
import type { ShownUser } from './directory-user.model'
import type { InDirectory } from './directory-user.store'
import { listGroupMembers } from './group-membership.store'
import { type Found, type ResourceSearch, searchGroupRows, searchUserRows } from './resource-search.store'

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
export const searchDirectoryUsers = provingReadUseCase({
  name: 'searchDirectoryUsers',
  organization: (input: SearchDirectoryUsers) => input.organizationId,
  async run(tx, { search, withGroups, ...place }, tokenHash): Promise<Proven<Found<ShownUser>>> {
    return atWork(await searchUserRows(tx, place, tokenHash, search, withGroups))
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
 * One person of a directory, for the directory itself; null when it has none with this id.
 * @throws FORBIDDEN  the directory is paused
 */
export const readDirectoryUser = provingReadUseCase({
  name: 'readDirectoryUser',
  organization: (input: ReadDirectoryUser) => input.organizationId,
  async run(tx, { userId, withGroups, ...place }, tokenHash): Promise<Proven<ShownUser | null>> {
    return atWork(await findAskedUser(tx, place, tokenHash, userId, withGroups))
  },
})

/**
 * Looks for groups of a directory, for the directory itself.
 * @throws FORBIDDEN  the directory is paused
 * @throws COST_EXCEEDED  it takes too long
 */
export const searchDirectoryGroups = provingReadUseCase({
  name: 'searchDirectoryGroups',
  organization: (input: SearchDirectoryGroups) => input.organizationId,
  async run(
    tx,
    { search, withMembers, ...place },
    tokenHash,
  ): Promise<Proven<Found<DirectoryGroup> & { members: readonly GroupMember[] }>> {
    const { actor, output } = atWork(await searchGroupRows(tx, place, tokenHash, search))
    return { actor, output: { ...output, members: withMembers ? await membersOf(tx, place, output) : [] } }
  },
})

async function membersOf(
  tx: Transaction,
  place: InDirectory,
  { rows }: Found<DirectoryGroup>,
): Promise<readonly GroupMember[]> {
  const ids = rows.map(({ id }) => id)
  return ids.length > 0 ? listGroupMembers(tx, place, ids) : []
}

/**
 * Who asks: what the directory's own settings say about how its requests are read.
 * @throws UNAUTHENTICATED  the token is not one of this directory
 */
export const identifyDirectory = provingReadUseCase({
  name: 'identifyDirectory',
  organization: (input: InDirectory) => input.organizationId,
  async run(tx, { organizationId, directoryId }, tokenHash): Promise<Proven<DirectoryActor | null>> {
    const actor = await findDirectoryActor(tx, organizationId, directoryId, tokenHash)
    return { actor, output: actor }
  },
})

/** @throws FORBIDDEN  the directory is paused */
function atWork<Output>(proven: Proven<Output>): Proven<Output> {
  if (proven.actor) refusePaused({ actor: proven.actor })
  return proven
}
