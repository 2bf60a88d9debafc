import type { AuditEntry } from '../../access'
import { toTypeId } from '../../kernel/ids'
import type { ApiKeyRow } from './api-key.store'

/** The audit row of something that happened to a key: the key, and whose it is. */
export function apiKeyAudit(
  action: string,
  key: Pick<ApiKeyRow, 'id' | 'name' | 'ownerKind' | 'memberId' | 'serviceAccountId' | 'projectId' | 'ownerName'>,
  changes?: AuditEntry['changes'],
): AuditEntry {
  return {
    action,
    targets: [{ type: 'ApiKey', id: toTypeId('ApiKey', key.id), label: key.name }, ownerTarget(key)],
    changes,
  }
}

function ownerTarget({ memberId, serviceAccountId, projectId, ownerName: label }: Parameters<typeof apiKeyAudit>[1]) {
  if (memberId) return { type: 'Member', id: toTypeId('Member', memberId), label }
  if (serviceAccountId) return { type: 'ServiceAccount', id: toTypeId('ServiceAccount', serviceAccountId), label }
  return { type: 'Project', id: toTypeId('Project', projectId!), label }
}
