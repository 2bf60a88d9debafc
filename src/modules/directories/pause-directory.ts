import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { isAtWork } from './directory.model'
import { directoryNeedsSso, updateDirectoryRow } from './directory.store'
import { directoryAudit, directoryObject } from './directory-access'

/**
 * Pauses a directory, or lets it work again. While it is paused its requests are refused and nothing changes: the
 * identity provider tries again later, and Admins may change its members by hand. Asking for what already is changes
 * nothing.
 *
 * @throws NOT_FOUND
 * @throws MEMBERSHIP_MODE  it is to work while members come by invitation
 */
export const pauseDirectory = writeUseCase({
  name: 'pauseDirectory',
  requires: 'directory.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { directoryId: string; paused: boolean }) => directoryObject(context, input.directoryId),
  locks: 'update',
  async run(context, { paused }, { organizationId, directory }): Promise<void> {
    if ((directory.status === 'PAUSED') === paused) return
    const status = paused ? 'PAUSED' : directory.lastRequestAt ? 'ACTIVE' : 'WAITING'
    const changed = { ...directory, status } as const
    if (isAtWork(changed) && context.locked?.membership_mode !== 'SSO') throw directoryNeedsSso()
    await updateDirectoryRow(context.tx, organizationId, { ...changed, defaultRoleId: directory.defaultRole.id })
    const changes = [{ field: 'status', before: directory.status, after: status }]
    context.audit(directoryAudit(paused ? 'directory.paused' : 'directory.resumed', directory, changes))
  },
})
