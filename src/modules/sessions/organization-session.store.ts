import { type OrganizationSession, permissionsOfRole } from '../../access'
import type { Statement, Transaction } from '../../platform/database'

/**
 * The live session of an organization with this token hash. Null when it ended or expired, when the member is not
 * joined or was changed since (epoch), or when the organization waits for its deletion.
 */
export async function findOrganizationSession(
  tx: Transaction,
  organizationId: string,
  tokenHash: Buffer,
): Promise<OrganizationSession | null> {
  const [row] = await tx.query<OrganizationSessionRow>(FIND_ORGANIZATION_SESSION, [organizationId, tokenHash])
  if (!row) return null
  return {
    kind: 'member',
    sessionId: row.id,
    organizationId,
    userId: row.user_id,
    memberId: row.member_id,
    name: row.name,
    email: row.email,
    roleId: row.role_id,
    roleKey: row.role_key,
    permissions: permissionsOfRole('ORGANIZATION', row.role_key),
  }
}

interface OrganizationSessionRow {
  id: string
  user_id: string
  member_id: string
  name: string
  email: string
  role_id: string
  role_key: string
}

const FIND_ORGANIZATION_SESSION: Statement = {
  name: 'find-organization-session',
  text: `
SELECT s.id, s.user_id, s.member_id, m.name, m.email, m.role_id, r.key AS role_key
FROM organization_sessions s
JOIN members m ON m.organization_id = s.organization_id AND m.id = s.member_id
JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
JOIN organizations o ON o.organization_id = s.organization_id
WHERE s.organization_id = $1 AND s.token_hash = $2
  AND s.revoked_at IS NULL AND s.expires_at > now()
  AND m.status = 'JOINED' AND m.epoch = s.member_epoch AND o.status = 'ACTIVE'`,
}
