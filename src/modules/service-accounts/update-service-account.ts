import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { grantableRole } from './grantable-role'
import { checkServiceAccountDraft, type ServiceAccountDraft } from './service-account.model'
import { updateServiceAccountRow } from './service-account.store'
import { serviceAccountObject } from './service-account-access'
import { serviceAccountAudit } from './service-account-audit'

/** Changes to one service account; absent values stay as they are. */
export interface UpdateServiceAccount {
  serviceAccountId: string
  draft: ServiceAccountDraft
  roleId: string | null
  /** The version the changes were made from; absent to overwrite whatever is there. */
  expectedVersion?: number | null
}

/**
 * Renames or describes a service account or gives it another role, which counts for its keys from their next use on.
 *
 * @throws NOT_FOUND  it or the role does not exist, or the actor cannot see its project
 * @throws VERSION_MISMATCH  somebody else changed it since
 * @throws REQUIRED, TOO_LONG, INVALID, NOT_UNIQUE  per value, with path
 * @throws FORBIDDEN  the new role allows more than the actor may do in the project
 */
export const updateServiceAccount = writeUseCase({
  name: 'updateServiceAccount',
  requires: 'service_account.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: UpdateServiceAccount) => serviceAccountObject(context, input),
  locks: 'update',
  async run(context, { draft, roleId, expectedVersion }, object): Promise<void> {
    const { account, project, organizationId } = object
    const checked = checkServiceAccountDraft(draft, account)
    const role = roleId && roleId !== account.role.id ? await grantableRole(context, object, roleId) : account.role
    const changes = [
      ...(['name', 'description'] as const).map((field) => ({ field, before: account[field], after: checked[field] })),
      { field: 'role', before: account.role.name, after: role.name },
    ].filter(({ before, after }) => before !== after)
    const isStale = expectedVersion != null && expectedVersion !== account.version
    const update = { ...checked, roleId: role.id }
    if (isStale || !(await updateServiceAccountRow(context.tx, organizationId, account, update)))
      throw new AppError('VERSION_MISMATCH', 'Somebody else changed this service account; read it again and repeat.', {
        path: ['expectedVersion'],
      })
    if (changes.length > 0 || role.id !== account.role.id)
      context.audit(serviceAccountAudit('service_account.updated', account, project, changes))
  },
})
