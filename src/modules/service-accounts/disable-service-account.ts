import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { endKeysOfServiceAccount, updateServiceAccountRow } from './service-account.store'
import { serviceAccountObject } from './service-account-access'
import { serviceAccountAudit } from './service-account-audit'

/**
 * Takes a service account out of use: its keys end at once and for good. Asking for what already is changes nothing.
 *
 * @returns  how many keys were alive until now
 * @throws NOT_FOUND  it does not exist, or the actor cannot see its project
 * @throws CONFLICT  somebody else changed it at the same time
 */
export const disableServiceAccount = writeUseCase({
  name: 'disableServiceAccount',
  requires: 'service_account.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { serviceAccountId: string }) => serviceAccountObject(context, input),
  locks: 'update',
  async run(context, _input, { account, project, organizationId }): Promise<number> {
    if (account.status === 'DISABLED') return 0
    if (!(await updateServiceAccountRow(context.tx, organizationId, account, { status: 'DISABLED' })))
      throw new AppError('CONFLICT', 'Somebody else changed this service account at the same time; repeat the call.')
    const ended = await endKeysOfServiceAccount(context.tx, organizationId, account.id)
    context.audit(
      serviceAccountAudit('service_account.disabled', account, project, [
        { field: 'status', before: 'ACTIVE', after: 'DISABLED' },
        { field: 'apiKeys', before: ended, after: 0 },
      ]),
    )
    return ended
  },
})
