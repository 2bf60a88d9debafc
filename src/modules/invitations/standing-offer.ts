import { permissionBeyond, permissionsOfRole, type RoleScope, type WriteContext } from '../../access'
import type { Statement } from '../../platform/database'
import { listedPermissions } from '../roles'

/**
 * Which invitations offer more than the actor may hand out, by role or by prepared grants, and a permission that each
 * offers too much. The rows are held until the commit: what is offered does not change after it was judged.
 */
export async function findOffersBeyond(
  { tx, actor }: WriteContext,
  organizationId: string,
  invitationIds: readonly string[],
): Promise<Map<string, string>> {
  const beyond = new Map<string, string>()
  for (const { id, scope, key, listed } of await tx.query<OfferedRole>(LOCK_OFFERS, [organizationId, invitationIds])) {
    const permission = permissionBeyond(actor, permissionsOfRole(scope, key, listed))
    if (permission !== null) beyond.set(id, permission)
  }
  return beyond
}

/** One role that an invitation offers. */
interface OfferedRole {
  id: string
  scope: RoleScope
  key: string
  listed: string[]
}

const LOCK_OFFERS: Statement = {
  name: 'lock-offers-of-invitations',
  text: `
WITH held AS MATERIALIZED (
  SELECT id, member_id FROM invitations
  WHERE organization_id = $1 AND id = ANY ($2::uuid[]) AND status = 'PENDING'
  ORDER BY id FOR UPDATE
), offered AS (
  SELECT held.id, m.role_id FROM held JOIN members m ON m.organization_id = $1 AND m.id = held.member_id
  UNION
  SELECT held.id, g.role_id FROM held JOIN project_grants g ON g.organization_id = $1 AND g.member_id = held.member_id
)
SELECT offered.id, r.scope, r.key, ${listedPermissions('r')} AS listed
FROM offered JOIN roles r ON r.organization_id = $1 AND r.id = offered.role_id`,
}
