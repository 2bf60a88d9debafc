import { AppError } from '../../kernel/errors'
import { type Statement, type Transaction, violatedConstraint } from '../../platform/database'
import { type MembershipMode, OrganizationEntity, type OrganizationStatus } from './organization.entity'
import type { CheckedOrganizationDraft } from './organization.model'
import { OrganizationCardEntity } from './organization-card.entity'
import { OrganizationCountersEntity } from './organization-counters.entity'
import { OrganizationSlugEntity } from './organization-slug.entity'

/**
 * Writes a new organization with its slug, card and counters. The counters begin with the founder, since no organization
 * may be without an Admin, not even within its first transaction; one that begins in SSO mode is known to be without one.
 * @throws NOT_UNIQUE  when the slug is taken
 */
export async function insertOrganization(
  tx: Transaction,
  organizationId: string,
  draft: CheckedOrganizationDraft,
  membershipMode: MembershipMode = 'INVITATION',
): Promise<void> {
  await claimSlug(tx, organizationId, draft.slug)
  await tx.entities.insert(OrganizationEntity, { organizationId, ...draft, membershipMode })
  await tx.entities.insert(OrganizationCardEntity, {
    organizationId,
    slug: draft.slug,
    name: draft.name,
    status: 'ACTIVE',
    membershipMode,
  })
  const people = membershipMode === 'SSO' ? { adminlessSince: () => 'now()' } : { joined: 1, admins: 1 }
  await tx.entities.insert(OrganizationCountersEntity, { organizationId, ...people, projects: 1 })
}

/** @throws NOT_UNIQUE  when another organization has the slug, also one that waits for its deletion */
export async function claimSlug(tx: Transaction, organizationId: string, slug: string): Promise<void> {
  await tx.entities.insert(OrganizationSlugEntity, { slug, organizationId }).catch((error: unknown) => {
    if (violatedConstraint(error) !== 'organization_slugs_pkey') throw error
    throw new AppError('NOT_UNIQUE', `The slug ${slug} is taken; choose another.`, { path: ['input', 'slug'] })
  })
}

/** Gives a slug back, so that another organization can take it. */
export async function freeSlug(tx: Transaction, organizationId: string, slug: string): Promise<void> {
  await tx.entities.delete(OrganizationSlugEntity, { slug, organizationId })
}

/** Writes a changed organization and its card. */
export async function updateOrganizationRow(tx: Transaction, organization: OrganizationEntity): Promise<void> {
  await tx.execute(UPDATE_ORGANIZATION, [
    organization.organizationId,
    organization.slug,
    organization.name,
    organization.description,
    organization.logoUrl,
    organization.billingEmail,
    organization.invitationLifetimeDays,
    organization.invitationDomains,
    organization.apiKeyMaxLifetimeDays,
  ])
}

/** The organization, or null when it does not exist in this tenant. */
export async function findOrganization(tx: Transaction, organizationId: string): Promise<OrganizationEntity | null> {
  const [row] = await tx.query<OrganizationRow>(FIND_ORGANIZATION, [organizationId])
  return row ? organizationOf(row) : null
}

/** How people come to belong to an organization; null when it does not exist in this tenant. */
export async function findMembershipMode(tx: Transaction, organizationId: string): Promise<MembershipMode | null> {
  const [row] = await tx.query<{ mode: MembershipMode }>(FIND_MEMBERSHIP_MODE, [organizationId])
  return row?.mode ?? null
}

/** The organization that has a slug, also while it waits for its deletion; null when the slug is free. */
export async function findSlug(tx: Transaction, slug: string): Promise<string | null> {
  const [row] = await tx.query<{ organization_id: string }>(FIND_SLUG, [slug])
  return row?.organization_id ?? null
}

/** How many joined Admins an organization has. */
export async function findAdminCount(tx: Transaction, organizationId: string): Promise<number> {
  const [row] = await tx.query<{ admins: number }>(FIND_ADMIN_COUNT, [organizationId])
  return row?.admins ?? 0
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
  api_key_max_lifetime_days: number | null
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
    apiKeyMaxLifetimeDays: row.api_key_max_lifetime_days,
    deletionRequestedAt: row.deletion_requested_at === null ? null : new Date(row.deletion_requested_at),
    deletionScheduledFor: row.deletion_scheduled_for === null ? null : new Date(row.deletion_scheduled_for),
    version: row.version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}

const FIND_ORGANIZATION: Statement = {
  name: 'find-organization',
  text: `
SELECT organization_id, slug, name, description, logo_url, billing_email, status, membership_mode,
  invitation_lifetime_days, invitation_domains, api_key_max_lifetime_days, deletion_requested_at, deletion_scheduled_for,
  version, created_at, updated_at
FROM organizations WHERE organization_id = $1`,
}

const UPDATE_ORGANIZATION: Statement = {
  name: 'update-organization',
  text: `
WITH card AS (
  UPDATE organization_cards SET slug = $2, name = $3, logo_url = $5 WHERE organization_id = $1
)
UPDATE organizations
SET slug = $2, name = $3, description = $4, logo_url = $5, billing_email = $6, invitation_lifetime_days = $7,
    invitation_domains = $8, api_key_max_lifetime_days = $9, version = version + 1, updated_at = now()
WHERE organization_id = $1`,
}

const FIND_MEMBERSHIP_MODE: Statement = {
  name: 'find-membership-mode',
  text: 'SELECT membership_mode AS mode FROM organizations WHERE organization_id = $1',
}

const FIND_SLUG: Statement = {
  name: 'find-organization-slug',
  text: 'SELECT organization_id FROM organization_slugs WHERE slug = $1',
}

const FIND_ADMIN_COUNT: Statement = {
  name: 'find-admin-count',
  text: 'SELECT admins FROM organization_counters WHERE organization_id = $1',
}
