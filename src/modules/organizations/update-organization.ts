import { notFound, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import type { OrganizationEntity } from './organization.entity'
import { claimSlug, findOrganization, freeSlug, updateOrganizationRow } from './organization.store'
import {
  type CheckedOrganizationChanges,
  checkOrganizationChanges,
  type OrganizationChanges,
} from './organization-changes.model'

/** Which organization changes how. */
export interface UpdateOrganization {
  organizationId: string
  changes: OrganizationChanges
  /** The version the caller has seen; absent when any will do. */
  expectedVersion?: number | null
}

/**
 * Changes name, slug, description, logo, billing address and settings. A new slug is claimed and the old one freed.
 *
 * @throws   REQUIRED, TOO_LONG, TOO_MANY, INVALID  per value, with path
 * @throws   VERSION_MISMATCH  somebody else has changed it since
 * @throws   NOT_UNIQUE  the slug is taken
 */
export const updateOrganization = writeUseCase({
  name: 'updateOrganization',
  requires: 'organization.update',
  organization: (input: UpdateOrganization) => input.organizationId,
  // Two writers of the row itself: a share lock would have to be upgraded.
  locks: 'update',
  async run(context, { organizationId, changes, expectedVersion }): Promise<void> {
    const { tx } = context
    const before = await findOrganization(tx, organizationId)
    if (!before) throw notFound('The organization')
    if (expectedVersion != null && expectedVersion !== before.version)
      throw new AppError('VERSION_MISMATCH', `The organization is at version ${before.version}; read it again.`, {
        path: ['expectedVersion'],
      })
    const changed = differences(before, checkOrganizationChanges(changes))
    if (changed.length === 0) return

    const after = { ...before, ...Object.fromEntries(changed.map(({ field, after: value }) => [field, value])) }
    if (after.slug !== before.slug) {
      await claimSlug(tx, organizationId, after.slug)
      await freeSlug(tx, organizationId, before.slug)
    }
    await updateOrganizationRow(tx, after)
    context.audit({
      action: 'organization.updated',
      targets: [{ type: 'Organization', id: toTypeId('Organization', organizationId), label: after.name }],
      changes: changed,
    })
  },
})

function differences(before: OrganizationEntity, changes: CheckedOrganizationChanges) {
  return Object.entries(changes)
    .map(([field, after]) => ({ field, before: before[field as keyof CheckedOrganizationChanges], after }))
    .filter(({ before: old, after }) => after !== undefined && JSON.stringify(old) !== JSON.stringify(after))
}
