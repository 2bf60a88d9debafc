import type { AuditEntry } from '../../access'
import { toTypeId } from '../../kernel/ids'

/** The audit row of something that happened to a service account. */
export function serviceAccountAudit(
  action: string,
  account: { id: string; name: string },
  project: { id: string; name: string },
  changes?: AuditEntry['changes'],
): AuditEntry {
  return {
    action,
    targets: [
      { type: 'ServiceAccount', id: toTypeId('ServiceAccount', account.id), label: account.name },
      { type: 'Project', id: toTypeId('Project', project.id), label: project.name },
    ],
    changes,
  }
}
