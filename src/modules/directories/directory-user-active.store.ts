import type { Statement, Transaction } from '../../platform/database'
import type { DirectoryUser, DirectoryUserDraft, ShownUser } from './directory-user.model'
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
): Promise<DirectoryUser & ShownUser> {
  const values = [organizationId, directoryId, stored.id, active, doc, comparable]
  const [row] = await tx.query<Pick<ShownUser, 'version' | 'updatedAt' | 'groups'>>(
    withGroups ? SET_ACTIVE_WITH_GROUPS : SET_ACTIVE,
    values,
  )
  return { ...stored, active, doc, ...row! }
}

const setActive = (name: string, more: string): Statement => {
  const columns = `u.version, u.updated_at AS "updatedAt"${more}`
  const counted = `version = u.version + 1, updated_at = greatest(now(), u.updated_at + interval '1 millisecond')`
  return {
    name,
    text: `
UPDATE directory_users u SET active = $4, doc = $5, comparable = $6, ${counted}
WHERE u.organization_id = $1 AND u.directory_id = $2 AND u.id = $3
RETURNING ${columns}`,
    many: {
      name: `${name}-many`,
      lists: [2, 3, 4, 5],
      text: `
UPDATE directory_users u SET active = asked.active, doc = asked.doc, comparable = asked.comparable, ${counted}
FROM unnest($3::uuid[], $4::boolean[], $5::json[], $6::jsonb[]) WITH ORDINALITY AS asked(id, active, doc, comparable, n)
WHERE u.organization_id = $1 AND u.directory_id = $2 AND u.id = asked.id
RETURNING asked.n::int AS n, ${columns}`,
    },
  }
}
const SET_ACTIVE = setActive('set-directory-user-active', '')
const SET_ACTIVE_WITH_GROUPS = setActive('set-directory-user-active-with-groups', `, ${DIRECT_GROUPS}`)
