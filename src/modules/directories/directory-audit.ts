import type { AuditEntry } from '../../access'
import { toTypeId } from '../../kernel/ids'

type Target = AuditEntry['targets'][number]

/** A person of a directory as the target of an audit row. */
export function directoryUserTarget({ id, userName }: { id: string; userName: string }): Target {
  return { type: 'DirectoryUser', id: toTypeId('DirectoryUser', id), label: userName }
}

/** A group of a directory as the target of an audit row. */
export function directoryGroupTarget({ id, displayName }: { id: string; displayName: string }): Target {
  return { type: 'DirectoryGroup', id: toTypeId('DirectoryGroup', id), label: displayName }
}
