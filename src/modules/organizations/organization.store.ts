import { AppError } from '../../kernel/errors'
import { type Transaction, violatedConstraint } from '../../platform/database'
import { OrganizationEntity } from './organization.entity'
import type { CheckedOrganizationDraft } from './organization.model'
import { OrganizationCardEntity } from './organization-card.entity'
import { OrganizationCountersEntity } from './organization-counters.entity'
import { OrganizationSlugEntity } from './organization-slug.entity'

/**
 * Writes a new organization with its slug, card and counters. The counters begin with the founder, since no
 * organization may be without an Admin, not even within its first transaction.
 * @throws NOT_UNIQUE  when the slug is taken
 */
export async function insertOrganization(
  tx: Transaction,
  organizationId: string,
  draft: CheckedOrganizationDraft,
): Promise<void> {
  await claimSlug(tx, organizationId, draft.slug)
  await tx.entities.insert(OrganizationEntity, { organizationId, ...draft })
  await tx.entities.insert(OrganizationCardEntity, {
    organizationId,
    slug: draft.slug,
    name: draft.name,
    status: 'ACTIVE',
  })
  await tx.entities.insert(OrganizationCountersEntity, { organizationId, joined: 1, admins: 1, projects: 1 })
}

/** @throws NOT_UNIQUE  when another organization has the slug, also one that waits for its deletion */
export async function claimSlug(tx: Transaction, organizationId: string, slug: string): Promise<void> {
  await tx.entities.insert(OrganizationSlugEntity, { slug, organizationId }).catch((error: unknown) => {
    if (violatedConstraint(error) !== 'organization_slugs_pkey') throw error
    throw new AppError('NOT_UNIQUE', `The slug ${slug} is taken; choose another.`, { path: ['input', 'slug'] })
  })
}

/** The organization, or null when it does not exist in this tenant. */
export async function findOrganization(tx: Transaction, organizationId: string): Promise<OrganizationEntity | null> {
  return tx.entities.findOneBy(OrganizationEntity, { organizationId })
}
