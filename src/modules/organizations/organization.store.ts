import { AppError } from '../../kernel/errors'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import { type MembershipMode, OrganizationEntity, type OrganizationStatus } from './organization.entity'
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
  const [row] = await tx.query<OrganizationRow>(FIND_ORGANIZATION, [organizationId])
  return row ? organizationOf(row) : null
}

/** A row of `organizations`, as a driver row or as JSON, which carries instants as text. */
export interface OrganizationRow {
  organization_id: string
  slug: string
  name: string
  description: string | null
  logo_url: string | null
  billing_email: string
  status: OrganizationStatus
  membership_mode: MembershipMode
  invitation_lifetime_days: number
  invitation_domains: string[]
  deletion_requested_at: Date | string | null
  deletion_scheduled_for: Date | string | null
  version: number
  created_at: Date | string
  updated_at: Date | string
}

/** The organization of a row that a statement of our own has read. */
export function organizationOf(row: OrganizationRow): OrganizationEntity {
  return {
    organizationId: row.organization_id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    logoUrl: row.logo_url,
    billingEmail: row.billing_email,
    status: row.status,
    membershipMode: row.membership_mode,
    invitationLifetimeDays: row.invitation_lifetime_days,
    invitationDomains: row.invitation_domains,
    deletionRequestedAt: row.deletion_requested_at === null ? null : new Date(row.deletion_requested_at),
    deletionScheduledFor: row.deletion_scheduled_for === null ? null : new Date(row.deletion_scheduled_for),
    version: row.version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}

const FIND_ORGANIZATION: Statement = {
  name: 'find-organization',
  text: 'SELECT * FROM organizations WHERE organization_id = $1',
}
