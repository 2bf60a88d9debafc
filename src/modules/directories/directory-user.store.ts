import type { WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { LANE, type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import type { DirectoryUser, DirectoryUserDraft } from './directory-user.model'

/** Whose place it is: every statement names both. */
export interface InDirectory {
  readonly organizationId: string
  readonly directoryId: string
  /** Whether a write was read as a strict directory's, before it was proven what the directory is. */
  readonly isReadStrictly?: boolean
}

/** The person, held until the transaction ends; null when the directory has none with this id. */
export async function lockDirectoryUser(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  id: string,
): Promise<DirectoryUser | null> {
  const [row] = await tx.query<DirectoryUser>(LOCK, [organizationId, directoryId, id])
  return row ?? null
}

/**
 * Writes a new person with their indexed values.
 * @throws NOT_UNIQUE  the directory has somebody with this userName; two creates met
 */
export async function insertDirectoryUser(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  person: { id: string; memberId: string; isAdopted: boolean },
  draft: DirectoryUserDraft,
): Promise<DirectoryUser> {
  const { id, memberId, isAdopted } = person
  const values = [organizationId, directoryId, id, memberId, isAdopted, ...columnsOf(draft)]
  const [row] = await tx.query<DirectoryUser>(INSERT, values).catch(refuseTakenName)
  return row!
}

/**
 * Writes what has changed; the version goes up by one.
 * @throws NOT_UNIQUE  another person of the directory has this userName
 */
export async function updateDirectoryUser(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  person: { id: string; memberId: string },
  draft: DirectoryUserDraft,
): Promise<DirectoryUser> {
  const values = [organizationId, directoryId, person.id, person.memberId, ...columnsOf(draft)]
  const [row] = await tx.query<DirectoryUser>(UPDATE, values).catch(refuseTakenName)
  return row!
}

/** Deletes a person; the groups they were in have one member less, and a new version. */
export async function deleteDirectoryUserRow(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  id: string,
): Promise<void> {
  await tx.execute(LEAVE_GROUPS, [organizationId, directoryId, id])
  await tx.execute(DELETE, [organizationId, directoryId, id])
}

/** Adds to the numbers of a directory, right before the commit, since whoever shares the lane waits for its row. */
export function countInDirectory(
  context: WriteContext,
  { organizationId, directoryId }: InDirectory,
  { users = 0, groups = 0 }: { users?: number; groups?: number },
): void {
  context.last(COUNT, [organizationId, directoryId, users, groups])
}

function columnsOf(draft: DirectoryUserDraft): unknown[] {
  const { userName, userNameKey, externalId, active, doc, comparable, values } = draft
  return [userName, userNameKey, externalId, active, doc, comparable, JSON.stringify(values)]
}

/** @throws NOT_UNIQUE  for that constraint; whatever else it was as it is */
function refuseTakenName(error: unknown): never {
  if (violatedConstraint(error) === 'directory_users_user_name_key') throw takenUserName()
  throw error
}

/** The answer to a second person of one userName. */
export function takenUserName(): AppError {
  return new AppError(
    'NOT_UNIQUE',
    'The directory has another user with this userName. Choose another, or update that user.',
  )
}

const COLUMNS = `
id, user_name AS "userName", external_id AS "externalId", active, member_id AS "memberId", doc::text AS doc, version,
created_at AS "createdAt", updated_at AS "updatedAt"`

/** Columns of a `ShownUser` without groups from `directory_users u`. */
export const SHOWN_USER_COLUMNS = `
u.id, u.doc::text AS doc, u.version, u.created_at AS "createdAt", u.updated_at AS "updatedAt"`

/** Columns of a `DirectoryUser` from `directory_users u`. */
export const DIRECTORY_USER_COLUMNS = `
u.id, u.user_name AS "userName", u.external_id AS "externalId", u.active, u.member_id AS "memberId", u.doc::text AS doc, u.version,
u.created_at AS "createdAt", u.updated_at AS "updatedAt"`

const LOCK: Statement = {
  name: 'lock-directory-user',
  text: `SELECT ${COLUMNS} FROM directory_users WHERE organization_id = $1 AND directory_id = $2 AND id = $3 FOR UPDATE`,
}
const VALUES = (parameter: string) => `
  SELECT $1::uuid, $2::uuid, $3::uuid, v.attribute, v.position, v."typeKey", v."valueKey"
  FROM jsonb_to_recordset(${parameter}::jsonb) AS v(attribute text, position integer, "typeKey" text, "valueKey" text)`

const INSERT: Statement = {
  name: 'insert-directory-user',
  text: `
WITH written AS (
  INSERT INTO directory_users (organization_id, directory_id, id, member_id, is_adopted, user_name, user_name_key,
                               external_id, active, doc, comparable)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  RETURNING ${COLUMNS}
), indexed AS (
  INSERT INTO directory_user_values (organization_id, directory_id, user_id, attribute, position, type_key, value_key)
  ${VALUES('$12')}
)
SELECT * FROM written`,
  many: {
    name: 'insert-directory-users',
    lists: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    text: `
WITH asked AS MATERIALIZED (
  SELECT * FROM unnest($3::uuid[], $4::uuid[], $5::boolean[], $6::text[], $7::text[], $8::text[], $9::boolean[], $10::json[],
    $11::jsonb[], $12::jsonb[]) WITH ORDINALITY
    AS a(id, member_id, is_adopted, user_name, user_name_key, external_id, active, doc, comparable, indexed, n)
), written AS (
  INSERT INTO directory_users (organization_id, directory_id, id, member_id, is_adopted, user_name, user_name_key,
                               external_id, active, doc, comparable)
  SELECT $1, $2, id, member_id, is_adopted, user_name, user_name_key, external_id, active, doc, comparable FROM asked
  RETURNING ${COLUMNS}
), indexed AS (
  INSERT INTO directory_user_values (organization_id, directory_id, user_id, attribute, position, type_key, value_key)
  SELECT $1, $2, asked.id, v.attribute, v.position, v."typeKey", v."valueKey"
  FROM asked CROSS JOIN jsonb_to_recordset(asked.indexed) AS v(attribute text, position integer, "typeKey" text, "valueKey" text)
)
SELECT asked.n::int AS n, written.* FROM asked JOIN written ON written.id = asked.id`,
  },
}

// What is not there any more goes first; a changed element stays in its place.
const UPDATE: Statement = {
  name: 'update-directory-user',
  text: `
WITH written AS (
  UPDATE directory_users
  SET member_id = $4, user_name = $5, user_name_key = $6, external_id = $7, active = $8, doc = $9, comparable = $10,
      version = version + 1, updated_at = greatest(now(), updated_at + interval '1 millisecond')
  WHERE organization_id = $1 AND directory_id = $2 AND id = $3
  RETURNING ${COLUMNS}
), gone AS (
  DELETE FROM directory_user_values v
  WHERE v.organization_id = $1 AND v.directory_id = $2 AND v.user_id = $3 AND NOT EXISTS (
    SELECT FROM jsonb_to_recordset($11::jsonb) AS n(attribute text, position integer)
    WHERE n.attribute = v.attribute AND n.position = v.position)
), indexed AS (
  INSERT INTO directory_user_values (organization_id, directory_id, user_id, attribute, position, type_key, value_key)
  ${VALUES('$11')}
  ON CONFLICT (organization_id, directory_id, user_id, attribute, position)
  DO UPDATE SET type_key = excluded.type_key, value_key = excluded.value_key
)
SELECT * FROM written`,
}

const LEAVE_GROUPS: Statement = {
  name: 'leave-directory-groups',
  text: `
WITH gone AS (
  DELETE FROM directory_group_members WHERE organization_id = $1 AND directory_id = $2 AND user_id = $3 RETURNING group_id
)
UPDATE directory_groups g
SET member_count = member_count - 1, version = version + 1, updated_at = greatest(now(), g.updated_at + interval '1 millisecond')
FROM gone WHERE g.organization_id = $1 AND g.directory_id = $2 AND g.id = gone.group_id`,
}
const DELETE: Statement = {
  name: 'delete-directory-user',
  text: 'DELETE FROM directory_users WHERE organization_id = $1 AND directory_id = $2 AND id = $3',
}
const count = (users: string, groups: string): string => `
INSERT INTO directory_counters AS c (organization_id, directory_id, lane, users, groups) VALUES ($1, $2, ${LANE}, ${users}, ${groups})
ON CONFLICT (organization_id, directory_id, lane) DO UPDATE SET users = c.users + excluded.users, groups = c.groups + excluded.groups`
const sumOf = (list: string): string => `(SELECT sum(each) FROM unnest(${list}::integer[]) AS each)`
const COUNT: Statement = {
  name: 'count-in-directory',
  text: count('$3', '$4'),
  many: { name: 'count-all-in-directory', lists: [2, 3], text: count(sumOf('$3'), sumOf('$4')) },
}
