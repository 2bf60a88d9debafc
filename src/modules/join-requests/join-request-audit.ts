import type { AuditEntry } from '../../access'
import { toTypeId } from '../../kernel/ids'

/** The audit row of something that happened to a join request. */
export function joinRequestAudit(
  action: string,
  request: { id: string; email: string },
  changes?: AuditEntry['changes'],
): AuditEntry {
  return {
    action,
    targets: [{ type: 'JoinRequest', id: toTypeId('JoinRequest', request.id), label: request.email }],
    changes,
  }
}
