import type { DirectoryActor } from '../../access'
import type { Statement, Transaction } from '../../platform/database'
import type { InDirectory } from './directory-user.store'

/**
 * The directory that acts with the token that has this hash. Null when the token was revoked, has expired or is another
 * directory's, and while the organization waits for its deletion.
 */
export async function findDirectoryActor(
  tx: Transaction,
  organizationId: string,
  directoryId: string,
  tokenHash: Buffer,
): Promise<DirectoryActor | null> {
  const [row] = await tx.query<Asker>(FIND_DIRECTORY_ACTOR, [organizationId, directoryId, tokenHash])
  return row ? actorOf({ organizationId, directoryId }, row) : null
}

/** What {@link asker} finds. */
export type Asker = Omit<DirectoryActor, 'kind' | 'organizationId' | 'directoryId'>

/** The actor that an asker is. */
export function actorOf({ organizationId, directoryId }: InDirectory, asker: Asker): DirectoryActor {
  const { tokenId, name, isPaused, isDryRun, isStrict } = asker
  return { kind: 'directory', organizationId, directoryId, tokenId, name, isPaused, isDryRun, isStrict }
}

/**
 * Finds who asks, as `findDirectoryActor` does, for statements that look for something in the same breath: joined to it by
 * LEFT JOIN, so that nothing is looked for where nobody is proven.
 *
 * @param tokenHash  a parameter; organization and directory are $1 and $2
 */
export const asker = (tokenHash: string): string => `
SELECT t.id AS "tokenId", d.name, d.status = 'PAUSED' AS "isPaused", d.is_dry_run AS "isDryRun", d.is_strict AS "isStrict"
FROM scim_tokens t
JOIN directories d ON d.organization_id = t.organization_id AND d.id = t.directory_id
JOIN organizations o ON o.organization_id = t.organization_id AND o.status = 'ACTIVE'
WHERE t.organization_id = $1 AND t.directory_id = $2 AND t.token_hash = ${tokenHash} AND t.revoked_at IS NULL AND t.expires_at > now()`

const FIND_DIRECTORY_ACTOR: Statement = { name: 'find-directory-actor', text: asker('$3') }
