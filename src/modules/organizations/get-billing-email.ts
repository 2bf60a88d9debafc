import { OWN_ORGANIZATION, readUseCase } from '../../access'
import type { OrganizationEntity } from './organization.entity'

/**
 * The billing address of an organization that was read before: only the decision is made here.
 * @throws FORBIDDEN  the actor may see the organization, but not change it
 */
export const getBillingEmail = readUseCase({
  name: 'getBillingEmail',
  requires: 'organization.update',
  organization: () => OWN_ORGANIZATION,
  object: async (_context, input: { organization: OrganizationEntity }) => ({
    organizationId: input.organization.organizationId,
  }),
  run: async (_context, { organization }): Promise<string> => organization.billingEmail,
})
