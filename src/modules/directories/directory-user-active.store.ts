import type { Statement, Transaction } from '../../platform/database'
import type { DirectoryUser, DirectoryUserDraft, FoundUser } from './directory-user.model'
import type { InDirectory } from './directory-user.store'
import { DIRECT_GROUPS } from './user-groups.store'

/**
 * Writes that somebody is active, or not any more, where nothing else has changed.
 * @param withGroups  also answers the groups that name them
 */
export async function setDirectoryUserActive(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  stored: DirectoryUser,
  { active, doc, comparable }: DirectoryUserDraft,
  withGroups: boolean,
): Promise<FoundUser> {
  const values = [organizationId, directoryId, stored.id, active, doc, comparable]
  const [row] = await tx.query<Pick<FoundUser, 'version' | 'updatedAt' | 'groups'>>(
    withGroups ? SET_ACTIVE_WITH_GROUPS : SET_ACTIVE,
    values,
  )
  return { ...stored, active, doc, ...row! }
}

const setActive = (more: string): string => `
UPDATE directory_users u
SET active = $4, doc = $5, comparable = $6, version = version + 1,
    updated_at = greatest(now(), updated_at + interval '1 millisecond')
WHERE u.organization_id = $1 AND u.directory_id = $2 AND u.id = $3
RETURNING u.version, u.updated_at AS "updatedAt"${more}`
const SET_ACTIVE: Statement = { name: 'set-directory-user-active', text: setActive('') }
const SET_ACTIVE_WITH_GROUPS: Statement = {
  name: 'set-directory-user-active-with-groups',
  text: setActive(`, ${DIRECT_GROUPS}`),
}
