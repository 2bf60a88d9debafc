import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { deleteServiceAccountRow, endKeysOfServiceAccount } from './service-account.store'
import { serviceAccountObject } from './service-account-access'
import { serviceAccountAudit } from './service-account-audit'

/**
 * Deletes a service account with its keys, which end at once. What it made stays.
 *
 * @returns  how many keys were alive until now
 * @throws NOT_FOUND  it does not exist, or the actor cannot see its project
 */
export const deleteServiceAccount = writeUseCase({
  name: 'deleteServiceAccount',
  requires: 'service_account.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { serviceAccountId: string }) => serviceAccountObject(context, input),
  locks: 'update',
  async run(context, _input, { account, project, organizationId }): Promise<number> {
    const ended = await endKeysOfServiceAccount(context.tx, organizationId, account.id)
    await deleteServiceAccountRow(context.tx, organizationId, account.id)
    const changes = [{ field: 'apiKeys', before: ended, after: 0 }]
    context.audit(serviceAccountAudit('service_account.deleted', account, project, changes))
    return ended
  },
})
