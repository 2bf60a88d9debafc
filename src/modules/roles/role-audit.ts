import type { AuditEntry } from '../../access'
import { toTypeId } from '../../kernel/ids'

/** What the audit log says of a change to a role. */
export function roleAudit(
  action: 'role.created' | 'role.updated' | 'role.deleted',
  role: { id: string; name: string },
  changes: NonNullable<AuditEntry['changes']>,
): AuditEntry {
  return { action, targets: [{ type: 'Role', id: toTypeId('Role', role.id), label: role.name }], changes }
}
