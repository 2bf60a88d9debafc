import { type AuditEntry, notFound, type ReadContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { type DirectoryRow, findDirectory } from './directory.store'

/** A directory to be decided about. */
export interface DirectoryObject {
  organizationId: string
  directory: DirectoryRow
}

/** Loads a directory for a decision. @throws NOT_FOUND  it does not exist */
export async function directoryObject(context: ReadContext, directoryId: string): Promise<DirectoryObject> {
  const { tx, organizationId } = context
  const directory = await findDirectory(tx, organizationId, directoryId)
  if (!directory) throw notFound('The directory')
  return { organizationId, directory }
}

/** @throws VERSION_MISMATCH  somebody else changed it since */
export function refuseStaleDirectory(directory: DirectoryRow, expectedVersion: number | null): void {
  if (expectedVersion !== null && expectedVersion !== directory.version)
    throw new AppError('VERSION_MISMATCH', 'Somebody else changed this directory; read it again and repeat.', {
      path: ['expectedVersion'],
    })
}

/** The audit row of something that happened to a directory. */
export function directoryAudit(
  action: string,
  directory: { id: string; name: string },
  changes?: AuditEntry['changes'],
): AuditEntry {
  const targets = [{ type: 'Directory', id: toTypeId('Directory', directory.id), label: directory.name }]
  return { action, targets, changes }
}
