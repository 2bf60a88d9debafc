import type { AuditEntry } from '../../access'
import { toTypeId } from '../../kernel/ids'

/** The audit row of something that happened to a domain. */
export function domainAudit(
  action: string,
  domain: { id: string; name: string },
  changes?: AuditEntry['changes'],
): AuditEntry {
  return { action, targets: [{ type: 'Domain', id: toTypeId('Domain', domain.id), label: domain.name }], changes }
}
