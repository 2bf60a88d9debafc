import type { Proven } from '../../access'
import type { Statement, Transaction } from '../../platform/database'
import { type Asker, actorOf, asker } from './directory-actor.store'
import type { ShownUser } from './directory-user.model'
import { type InDirectory, SHOWN_USER_COLUMNS } from './directory-user.store'
import { ARE_GROUPS_NESTED, DIRECT_GROUPS, findGroupsOfUsers } from './user-groups.store'

/** Who asks with a token, and the person with this id: null when the directory has none, or nobody is proven. */
export async function findAskedUser(
  tx: Transaction,
  place: InDirectory,
  tokenHash: Buffer,
  id: string,
  withGroups: boolean,
): Promise<Proven<ShownUser | null>> {
  const { organizationId, directoryId } = place
  const statement = withGroups ? FIND_ASKED_WITH_GROUPS : FIND_ASKED
  const [row] = await tx.query<Asker & ((ShownUser & { areGroupsNested?: boolean }) | { id: null })>(statement, [
    organizationId,
    directoryId,
    id,
    tokenHash,
  ])
  if (!row) return { actor: null, output: null }
  const actor = actorOf(place, row)
  if (row.id === null) return { actor, output: null }
  const groups = row.areGroupsNested ? await findGroupsOfUsers(tx, place, [row.id]) : row.groups
  return { actor, output: { ...row, groups } }
}

const findAsked = (name: string, columns: string): Statement => ({
  name,
  sharesTrip: true,
  text: `
WITH asker AS MATERIALIZED (${asker('$4')})
SELECT asker.*, ${columns}
FROM asker LEFT JOIN directory_users u ON u.organization_id = $1 AND u.directory_id = $2 AND u.id = $3`,
  many: {
    name: `${name}-many`,
    lists: [2],
    text: `
WITH asker AS MATERIALIZED (${asker('$4')})
SELECT asked.n::int AS n, asker.*, ${columns}
FROM asker CROSS JOIN unnest($3::uuid[]) WITH ORDINALITY AS asked(id, n)
LEFT JOIN directory_users u ON u.organization_id = $1 AND u.directory_id = $2 AND u.id = asked.id`,
  },
})
const FIND_ASKED = findAsked('find-asked-directory-user', SHOWN_USER_COLUMNS)
const FIND_ASKED_WITH_GROUPS = findAsked(
  'find-asked-directory-user-with-groups',
  `${SHOWN_USER_COLUMNS}, ${DIRECT_GROUPS}, ${ARE_GROUPS_NESTED}`,
)
