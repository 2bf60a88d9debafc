import type { DirectoryActor } from '../../access'
import type { Statement, Transaction } from '../../platform/database'

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
  const [row] = await tx.query<Omit<DirectoryActor, 'kind' | 'organizationId' | 'directoryId'>>(FIND_DIRECTORY_ACTOR, [
    organizationId,
    directoryId,
    tokenHash,
  ])
  return row ? { kind: 'directory', organizationId, directoryId, ...row } : null
}

const FIND_DIRECTORY_ACTOR: Statement = {
  name: 'find-directory-actor',
  text: `
SELECT t.id AS "tokenId", d.name, d.status = 'PAUSED' AS "isPaused", d.is_dry_run AS "isDryRun", d.is_strict AS "isStrict"
FROM scim_tokens t
JOIN directories d ON d.organization_id = t.organization_id AND d.id = t.directory_id
JOIN organizations o ON o.organization_id = t.organization_id AND o.status = 'ACTIVE'
WHERE t.organization_id = $1 AND t.directory_id = $2 AND t.token_hash = $3 AND t.revoked_at IS NULL AND t.expires_at > now()`,
}
