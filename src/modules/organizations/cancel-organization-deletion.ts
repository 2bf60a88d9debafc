import { type AccountSession, notFound, refuse, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findJoinedMember } from '../members'
import { findRole } from '../roles'
import { unscheduleDeletion } from './deletion.store'
import type { OrganizationEntity } from './organization.entity'
import { findOrganization } from './organization.store'
import { organizationAudit } from './organization-audit'

/**
 * Brings a deleted organization back while it waits for its purge. Done from the account side, since nobody has a
 * session in it any more; people switch to it again afterwards. The operator can do it for people who cannot.
 *
 * @throws NOT_FOUND  the person is not a joined member of it
 * @throws FORBIDDEN  the person's role could not delete it either
 * @throws WRONG_STATE  it does not wait for a deletion
 */
export const cancelOrganizationDeletion = writeUseCase({
  name: 'cancelOrganizationDeletion',
  requires: 'account-or-operator',
  organization: (input: { organizationId: string }) => input.organizationId,
  locks: 'update',
  whilePendingDeletion: true,
  async run(context, { organizationId }): Promise<OrganizationEntity> {
    const { tx, locked } = context
    if (context.actor.kind === 'account') await requireDeleter(context, context.actor)
    if (locked!.status !== 'PENDING_DELETION')
      throw new AppError('WRONG_STATE', 'This organization does not wait for a deletion; there is nothing to cancel.')
    await unscheduleDeletion(tx, organizationId)
    context.audit(organizationAudit('organization.deletion_cancelled', locked!))
    const organization = await findOrganization(tx, organizationId)
    if (!organization) throw notFound('The organization')
    return organization
  },
})

async function requireDeleter({ tx, organizationId }: WriteContext, { userId }: AccountSession): Promise<void> {
  const member = await findJoinedMember(tx, organizationId, userId)
  if (!member) throw notFound('The organization')
  const role = await findRole(tx, organizationId, member.roleId)
  refuse(role?.permissions.has('organization.delete') ? 'allowed' : 'forbidden', 'organization.delete')
}
