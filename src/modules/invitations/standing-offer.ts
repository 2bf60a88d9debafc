import { permissionBeyond, permissionsOfRole, type RoleScope, type WriteContext } from '../../access'
import type { Statement } from '../../platform/database'
import { isLive, permissionsInProjects } from '../projects'
import { listedPermissions } from '../roles'

/**
 * Which invitations offer more than the actor may hand out, by role, by prepared grants or by what is granted to prepared
 * teams and the teams above them, and a permission that each offers too much. The rows are held until the commit: what
 * is offered does not change after it was judged.
 */
export async function findOffersBeyond(
  { tx, actor }: WriteContext,
  organizationId: string,
  invitationIds: readonly string[],
): Promise<Map<string, string>> {
  const beyond = new Map<string, string>()
  const offers = await tx.query<OfferedRole>(LOCK_OFFERS, [organizationId, invitationIds])
  const projectIds = offers.flatMap(({ project_id }) => project_id ?? [])
  const heldIn = projectIds.length > 0 ? await permissionsInProjects({ tx, actor }, organizationId, projectIds) : null
  for (const { id, project_id, scope, key, listed } of offers) {
    const permissionsHere = project_id === null ? undefined : heldIn?.get(project_id)
    const permission = permissionBeyond(actor, permissionsOfRole(scope, key, listed), { permissionsHere })
    if (permission !== null) beyond.set(id, permission)
  }
  return beyond
}

/** One role that an invitation offers. */
interface OfferedRole {
  id: string
  /** Null for the role in the organization. */
  project_id: string | null
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
  SELECT held.id, NULL::uuid AS project_id, m.role_id
  FROM held JOIN members m ON m.organization_id = $1 AND m.id = held.member_id
  UNION
  SELECT held.id, g.project_id, g.role_id
  FROM held JOIN project_grants g ON g.organization_id = $1 AND g.member_id = held.member_id AND ${isLive('g')}
  UNION
  SELECT held.id, g.project_id, g.role_id
  FROM held
  JOIN team_members tm ON tm.organization_id = $1 AND tm.member_id = held.member_id
  JOIN teams t ON t.organization_id = $1 AND t.id = tm.team_id
  JOIN project_grants g ON g.organization_id = $1 AND g.team_id = ANY (t.path) AND ${isLive('g')}
)
SELECT offered.id, offered.project_id, r.scope, r.key, ${listedPermissions('r')} AS listed
FROM offered JOIN roles r ON r.organization_id = $1 AND r.id = offered.role_id`,
}
