import { actorLabel, notFound, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findAdminAddresses } from '../members'
import { type RevokedAccess, revokeSessionsOfOrganization, scheduleDeletion } from './deletion.store'
import type { OrganizationEntity } from './organization.entity'
import { findOrganization } from './organization.store'
import { organizationAudit } from './organization-audit'

/** What a deletion ended at once. */
export interface DeletionReceipt extends RevokedAccess {
  organization: OrganizationEntity
}

/**
 * Deletes an organization: access ends at once, the data is kept for 30 days, then purged. The slug stays taken
 * meanwhile. An Admin can cancel from the account side, and all of them are told by mail how.
 *
 * @throws CONFIRMATION_MISMATCH  the slug was typed differently
 */
export const deleteOrganization = writeUseCase({
  name: 'deleteOrganization',
  requires: 'organization.delete',
  organization: (input: { organizationId: string; confirmSlug: string }) => input.organizationId,
  locks: 'update',
  async run(context, { organizationId, confirmSlug }): Promise<DeletionReceipt> {
    const { tx, locked } = context
    if (confirmSlug !== locked!.slug)
      throw new AppError('CONFIRMATION_MISMATCH', `Type the slug ${locked!.slug} to delete the organization.`, {
        path: ['confirmSlug'],
      })
    const scheduledFor = await scheduleDeletion(tx, organizationId)
    const revoked = await revokeSessionsOfOrganization(tx, organizationId)
    const change = { field: 'deletionScheduledFor', before: null, after: scheduledFor.toISOString() }
    context.audit(organizationAudit('organization.deletion_scheduled', locked!, [change]))
    await tellAdmins(context, scheduledFor)
    const organization = await findOrganization(tx, organizationId)
    if (!organization) throw notFound('The organization')
    return { organization, ...revoked }
  },
})

/** Also the one who asked: a stolen session must not delete in silence. */
async function tellAdmins(context: WriteContext, cancelUntil: Date): Promise<void> {
  const payload = {
    organizationName: context.locked!.name,
    requestedByName: actorLabel(context.actor),
    cancelUntil,
  }
  for (const destination of await findAdminAddresses(context.tx, context.organizationId))
    context.send({ kind: 'mail.deletion-scheduled', destination, payload })
}
