import type { Proven } from '../../access'
import type { Statement, Transaction } from '../../platform/database'
import { type Asker, actorOf, asker } from './directory-actor.store'
import type { DirectoryUser, FoundUser } from './directory-user.model'
import { DIRECTORY_USER_COLUMNS, type InDirectory } from './directory-user.store'
import { ARE_GROUPS_NESTED, DIRECT_GROUPS, type DirectGroups, withAllGroups } from './user-groups.store'

/** Who asks with a token, and the person with this id: null when the directory has none, or nobody is proven. */
export async function findAskedUser(
  tx: Transaction,
  place: InDirectory,
  tokenHash: Buffer,
  id: string,
  withGroups: boolean,
): Promise<Proven<FoundUser | null>> {
  const { organizationId, directoryId } = place
  const statement = withGroups ? FIND_ASKED_WITH_GROUPS : FIND_ASKED
  const [row] = await tx.query<Asker & ((DirectoryUser & DirectGroups) | { id: null })>(statement, [
    organizationId,
    directoryId,
    id,
    tokenHash,
  ])
  if (!row) return { actor: null, output: null }
  const [output = null] = row.id === null ? [] : await withAllGroups(tx, place, [row])
  return { actor: actorOf(place, row), output }
}

const findAsked = (columns: string): string => `
WITH asker AS MATERIALIZED (${asker('$4')})
SELECT asker.*, ${columns}
FROM asker LEFT JOIN directory_users u ON u.organization_id = $1 AND u.directory_id = $2 AND u.id = $3`
const FIND_ASKED: Statement = {
  name: 'find-asked-directory-user',
  sharesTrip: true,
  text: findAsked(DIRECTORY_USER_COLUMNS),
}
const FIND_ASKED_WITH_GROUPS: Statement = {
  name: 'find-asked-directory-user-with-groups',
  sharesTrip: true,
  text: findAsked(`${DIRECTORY_USER_COLUMNS}, ${DIRECT_GROUPS}, ${ARE_GROUPS_NESTED}`),
}
