/** Organizations: the tenants, from their founding to their purge. */
export { type CreateOrganization, createOrganization } from './create-organization'
export { getOrganization } from './get-organization'
export { type MembershipMode, OrganizationEntity, type OrganizationStatus } from './organization.entity'
export { type OrganizationRow, organizationOf } from './organization.store'
export { OrganizationCardEntity } from './organization-card.entity'
export { OrganizationCountersEntity } from './organization-counters.entity'
export { OrganizationSlugEntity } from './organization-slug.entity'
export { switchOrganization } from './switch-organization'
