import type { AuditEntry } from '../../access'
import { toTypeId } from '../../kernel/ids'

/** The audit row of something that happened to a project. */
export function projectAudit(
  action: string,
  project: { id: string; name: string },
  changes?: AuditEntry['changes'],
): AuditEntry {
  return { action, targets: [{ type: 'Project', id: toTypeId('Project', project.id), label: project.name }], changes }
}
