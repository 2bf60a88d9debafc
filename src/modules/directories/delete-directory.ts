import { actorMemberId, OWN_ORGANIZATION, type WriteContext, writeUseCase } from '../../access'
import { suspendAtOnce } from '../members'
import { deleteDirectoryRows, findProvidedMemberIds } from './delete-directory.store'
import { directoryAudit, directoryObject } from './directory-access'

/** What becomes of the members that a deleted directory provided. */
export type KeptMembers = 'ACTIVE' | 'SUSPENDED'

/** What a deletion did. */
export interface DeletedDirectory {
  /** Members that were suspended by it. */
  membersSuspended: number
}

// Bounds the time and memory of one statement, not what is deleted.
const BATCH = 10_000

/**
 * Deletes a directory with its tokens, its people and groups as the identity provider sees them, and its request log.
 * The members stay, with roles, teams and projects: as they are, or suspended, all but whoever asks. Its teams become
 * teams like any other. One audit row says how many members were suspended; each of them says why.
 *
 * @throws NOT_FOUND
 * @throws LAST_ADMIN  nobody who stays would be an Admin
 */
export const deleteDirectory = writeUseCase({
  name: 'deleteDirectory',
  requires: 'directory.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { directoryId: string; members: KeptMembers }) =>
    directoryObject(context, input.directoryId),
  locks: 'update',
  async run(context, { members }, { organizationId, directory }): Promise<DeletedDirectory> {
    const membersSuspended = members === 'SUSPENDED' ? await suspendProvided(context, directory) : 0
    await deleteDirectoryRows(context.tx, organizationId, directory.id, BATCH)
    context.audit(
      directoryAudit('directory.deleted', directory, [
        { field: 'users', before: directory.userCount, after: 0 },
        { field: 'groups', before: directory.groupCount, after: 0 },
        { field: 'membersSuspended', before: 0, after: membersSuspended },
      ]),
    )
    return { membersSuspended }
  },
})

async function suspendProvided(context: WriteContext, directory: { id: string; name: string }): Promise<number> {
  const { tx, organizationId } = context
  const reason = `The directory ${directory.name} was deleted`
  let suspended = 0
  for (let after: string | null = null; ; ) {
    const ids = await findProvidedMemberIds(tx, organizationId, directory.id, after, BATCH)
    suspended += await suspendAtOnce(
      context,
      ids.filter((id) => id !== actorMemberId(context.actor)),
      reason,
    )
    if (ids.length < BATCH) return suspended
    after = ids.at(-1)!
  }
}
