import { smallestIdAt } from '../../kernel/ids'
import type { Statement, Transaction } from '../../platform/database'

/** Joined members that a directory provides, in the order of their ids. */
export async function findProvidedMemberIds(
  tx: Transaction,
  organizationId: string,
  directoryId: string,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(FIND_PROVIDED, [
    organizationId,
    directoryId,
    // A bound that may be missing would not reach the index.
    after ?? smallestIdAt(0),
    limit,
  ])
  return rows.map(({ id }) => id)
}

/** Deletes a directory with everything that hangs on it; its teams stay as teams that somebody made. */
export async function deleteDirectoryRows(
  tx: Transaction,
  organizationId: string,
  directoryId: string,
  batch: number,
): Promise<void> {
  await tx.execute(RELEASE_TEAMS, [organizationId, directoryId])
  for (const statement of EMPTY) while ((await tx.execute(statement, [organizationId, directoryId, batch])) === batch);
  await tx.execute(DELETE_LOOKUP, [directoryId])
  await tx.execute(DELETE, [organizationId, directoryId])
}

const FIND_PROVIDED: Statement = {
  name: 'find-members-provided-by-directory',
  text: `
SELECT m.id FROM directory_users u JOIN members m ON m.organization_id = u.organization_id AND m.id = u.member_id
WHERE u.organization_id = $1 AND u.directory_id = $2 AND m.status = 'JOINED' AND m.id > $3
ORDER BY m.id LIMIT $4`,
}
const RELEASE_TEAMS: Statement = {
  name: 'release-teams-of-directory',
  text: `
UPDATE teams SET source = 'MANUAL', version = version + 1, updated_at = now()
WHERE organization_id = $1
  AND id IN (SELECT team_id FROM directory_groups WHERE organization_id = $1 AND directory_id = $2)`,
}
// In batches and from the leaves up: a cascade from the top would be one statement of any length.
const EMPTY: readonly Statement[] = [
  'scim_requests',
  'directory_user_values',
  'directory_group_members',
  'directory_group_nestings',
  'directory_groups',
  'directory_users',
].map((table) => ({
  name: `empty-${table.replaceAll('_', '-')}`,
  text: `
DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM ${table} WHERE organization_id = $1 AND directory_id = $2 LIMIT $3
)) AND organization_id = $1`,
}))
const DELETE_LOOKUP: Statement = {
  name: 'delete-directory-lookup',
  text: 'DELETE FROM directory_lookups WHERE directory_id = $1',
}
const DELETE: Statement = {
  name: 'delete-directory',
  text: 'DELETE FROM directories WHERE organization_id = $1 AND id = $2',
}
