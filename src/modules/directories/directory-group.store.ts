import { AppError } from '../../kernel/errors'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import type { DirectoryGroup, DirectoryGroupDraft } from './directory-group.model'
import type { InDirectory } from './directory-user.store'

/** The group, held until the transaction ends; null when the directory has none with this id. */
export async function lockDirectoryGroup(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  id: string,
): Promise<DirectoryGroup | null> {
  const [row] = await tx.query<DirectoryGroup>(LOCK, [organizationId, directoryId, id])
  return row ?? null
}

/** Writes a new, empty group. @throws NOT_UNIQUE  the directory has a group with this name */
export async function insertDirectoryGroup(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  { id, teamId }: { id: string; teamId: string },
  { displayName, displayNameKey, externalId }: DirectoryGroupDraft,
): Promise<DirectoryGroup> {
  const values = [organizationId, directoryId, id, teamId, displayName, displayNameKey, externalId]
  const [row] = await tx.query<DirectoryGroup>(INSERT, values).catch(refuseTakenName)
  return row!
}

/** Writes a group with its new number of members; the version goes up by one. @throws NOT_UNIQUE  the name is taken */
export async function updateDirectoryGroup(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  id: string,
  { displayName, displayNameKey, externalId }: DirectoryGroupDraft,
  moreMembers: number,
): Promise<DirectoryGroup> {
  const values = [organizationId, directoryId, id, displayName, displayNameKey, externalId, moreMembers]
  const [row] = await tx.query<DirectoryGroup>(UPDATE, values).catch(refuseTakenName)
  return row!
}

/** Writes how many members a new group begins with: part of making it, so its version stays. */
export async function setMemberCount(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  id: string,
  members: number,
): Promise<void> {
  await tx.execute(SET_MEMBER_COUNT, [organizationId, directoryId, id, members])
}

/** Deletes a group with its memberships and rules; groups that named it have one member less, and a new version. */
export async function deleteDirectoryGroupRow(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  id: string,
): Promise<void> {
  await tx.execute(LEAVE_GROUPS, [organizationId, directoryId, id])
  await tx.execute(DELETE, [organizationId, directoryId, id])
}

/** @throws NOT_UNIQUE  for that constraint; whatever else it was as it is */
function refuseTakenName(error: unknown): never {
  if (violatedConstraint(error) !== 'directory_groups_display_name_key') throw error
  throw new AppError(
    'NOT_UNIQUE',
    'The directory has another group with this displayName. Choose another, or update that group.',
  )
}

/** Columns of a `DirectoryGroup` from `directory_groups g`. */
export const DIRECTORY_GROUP_COLUMNS = `
g.id, g.display_name AS "displayName", g.external_id AS "externalId", g.member_count AS "memberCount",
g.team_id AS "teamId", g.version, g.created_at AS "createdAt", g.updated_at AS "updatedAt"`

const LOCK: Statement = {
  name: 'lock-directory-group',
  text: `
SELECT ${DIRECTORY_GROUP_COLUMNS} FROM directory_groups g
WHERE g.organization_id = $1 AND g.directory_id = $2 AND g.id = $3 FOR UPDATE`,
}
const INSERT: Statement = {
  name: 'insert-directory-group',
  text: `
INSERT INTO directory_groups AS g (organization_id, directory_id, id, team_id, display_name, display_name_key, external_id)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${DIRECTORY_GROUP_COLUMNS}`,
}
const UPDATE: Statement = {
  name: 'update-directory-group',
  text: `
UPDATE directory_groups g
SET display_name = $4, display_name_key = $5, external_id = $6, member_count = member_count + $7, version = version + 1,
    updated_at = greatest(now(), updated_at + interval '1 millisecond')
WHERE g.organization_id = $1 AND g.directory_id = $2 AND g.id = $3 RETURNING ${DIRECTORY_GROUP_COLUMNS}`,
}
const SET_MEMBER_COUNT: Statement = {
  name: 'set-directory-group-member-count',
  text: 'UPDATE directory_groups SET member_count = $4 WHERE organization_id = $1 AND directory_id = $2 AND id = $3',
}
const LEAVE_GROUPS: Statement = {
  name: 'leave-groups-as-group',
  text: `
WITH gone AS (
  DELETE FROM directory_group_nestings WHERE organization_id = $1 AND directory_id = $2 AND child_id = $3 RETURNING group_id
)
UPDATE directory_groups g
SET member_count = member_count - 1, version = version + 1, updated_at = greatest(now(), g.updated_at + interval '1 millisecond')
FROM gone WHERE g.organization_id = $1 AND g.directory_id = $2 AND g.id = gone.group_id`,
}
const DELETE: Statement = {
  name: 'delete-directory-group',
  text: 'DELETE FROM directory_groups WHERE organization_id = $1 AND directory_id = $2 AND id = $3',
}
