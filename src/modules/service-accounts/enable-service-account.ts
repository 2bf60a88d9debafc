import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { grantableRole } from './grantable-role'
import { updateServiceAccountRow } from './service-account.store'
import { serviceAccountObject } from './service-account-access'
import { serviceAccountAudit } from './service-account-audit'

/**
 * Takes a service account into use again. Its former keys stay ended: make new ones. Asking for what already is changes
 * nothing.
 *
 * @throws NOT_FOUND  it does not exist, or the actor cannot see its project
 * @throws FORBIDDEN  its role allows more than the actor may do in the project
 * @throws CONFLICT  somebody else changed it at the same time
 */
export const enableServiceAccount = writeUseCase({
  name: 'enableServiceAccount',
  requires: 'service_account.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { serviceAccountId: string }) => serviceAccountObject(context, input),
  locks: 'update',
  async run(context, _input, object): Promise<void> {
    const { account, project, organizationId } = object
    if (account.status === 'ACTIVE') return
    await grantableRole(context, object, account.role.id, ['id'])
    if (!(await updateServiceAccountRow(context.tx, organizationId, account, { status: 'ACTIVE' })))
      throw new AppError('CONFLICT', 'Somebody else changed this service account at the same time; repeat the call.')
    const changes = [{ field: 'status', before: 'DISABLED', after: 'ACTIVE' }]
    context.audit(serviceAccountAudit('service_account.enabled', account, project, changes))
  },
})
