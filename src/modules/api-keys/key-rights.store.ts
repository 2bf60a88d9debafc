import { permissionsOfRole, type RoleScope } from '../../access'
import type { Statement, Transaction } from '../../platform/database'
import { liveGrantsOf } from '../projects'
import { listedPermissions } from '../roles'

/** The scopes of those of these permissions that the platform has registered and not retired. */
export async function findPlatformScopes(
  tx: Transaction,
  keys: readonly string[],
): Promise<Map<string, 'ORGANIZATION' | 'PROJECT' | 'RESOURCE'>> {
  const rows = await tx.query<{ key: string; scope: 'ORGANIZATION' | 'PROJECT' | 'RESOURCE' }>(FIND_SCOPES, [keys])
  return new Map(rows.map(({ key, scope }) => [key, scope]))
}

/** Everything that the live grants of a member allow, in whichever project. */
export async function findGrantedPermissions(
  tx: Transaction,
  organizationId: string,
  memberId: string,
): Promise<Set<string>> {
  const rows = await tx.query<{ scope: RoleScope; key: string; listed: string[] }>(FIND_GRANTED, [
    organizationId,
    memberId,
  ])
  return new Set(rows.flatMap(({ scope, key, listed }) => [...permissionsOfRole(scope, key, listed)]))
}

const FIND_SCOPES: Statement = {
  name: 'find-scopes-of-platform-permissions',
  text: 'SELECT key, scope FROM platform_permissions WHERE key = ANY ($1) AND retired_at IS NULL',
}
const FIND_GRANTED: Statement = {
  name: 'find-permissions-granted-to-member',
  text: `
SELECT r.scope, r.key, ${listedPermissions('r')} AS listed FROM roles r
WHERE r.organization_id = $1 AND r.id IN (SELECT live.role_id FROM (${liveGrantsOf('$2')}) AS live)`,
}
