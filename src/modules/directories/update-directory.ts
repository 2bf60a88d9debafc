import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { mappableRole } from '../roles'
import { checkDirectoryDraft, type DirectoryDraft, isAtWork } from './directory.model'
import { directoryNeedsSso, updateDirectoryRow } from './directory.store'
import { directoryAudit, directoryObject, refuseStaleDirectory } from './directory-access'

/** Changes to one directory; absent values stay as they are. */
export interface UpdateDirectory {
  directoryId: string
  draft: DirectoryDraft
  /** Null to keep it. */
  defaultRoleId: string | null
  /** The version the changes were made from; null to overwrite whatever is there. */
  expectedVersion: number | null
}

/**
 * Changes a directory. Another default role counts for people who come from now on, and for those whom a rule stops
 * giving one.
 *
 * @throws NOT_FOUND, VERSION_MISMATCH
 * @throws MEMBERSHIP_MODE  a rehearsal is to become real while members come by invitation
 * @throws REQUIRED, TOO_LONG, INVALID, NOT_UNIQUE, FORBIDDEN  per value, with path
 */
export const updateDirectory = writeUseCase({
  name: 'updateDirectory',
  requires: 'directory.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: UpdateDirectory) => directoryObject(context, input.directoryId),
  locks: 'update',
  async run(context, { draft, defaultRoleId, expectedVersion }, { organizationId, directory }): Promise<void> {
    refuseStaleDirectory(directory, expectedVersion)
    const checked = checkDirectoryDraft(draft, directory)
    const { id, status } = directory
    if (isAtWork({ ...checked, status }) && context.locked?.membership_mode !== 'SSO') throw directoryNeedsSso()
    const role = defaultRoleId
      ? await mappableRole(context, defaultRoleId, ['input', 'defaultRoleId'])
      : directory.defaultRole
    await updateDirectoryRow(context.tx, organizationId, { ...checked, id, status, defaultRoleId: role.id })
    const before = { ...directory, defaultRole: directory.defaultRole.name }
    const after = { ...checked, defaultRole: role.name }
    const changes = (Object.keys(after) as (keyof typeof after)[])
      .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
      .map((field) => ({ field, before: before[field], after: after[field] }))
    if (changes.length > 0) context.audit(directoryAudit('directory.updated', directory, changes))
  },
})
