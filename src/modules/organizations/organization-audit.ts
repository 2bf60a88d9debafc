import type { AuditEntry } from '../../access'
import { toTypeId } from '../../kernel/ids'

/** The audit row of something that happened to an organization as a whole. */
export function organizationAudit(
  action: string,
  organization: { organization_id: string; name: string },
  changes?: AuditEntry['changes'],
): AuditEntry {
  const id = toTypeId('Organization', organization.organization_id)
  return { action, targets: [{ type: 'Organization', id, label: organization.name }], changes }
}
