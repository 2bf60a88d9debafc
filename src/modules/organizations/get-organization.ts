import { notFound, readUseCase } from '../../access'
import type { OrganizationEntity } from './organization.entity'
import { findOrganization } from './organization.store'

/**
 * One organization by id.
 * @throws NOT_FOUND  when it does not exist, or the actor is not in it
 */
export const getOrganization = readUseCase({
  name: 'getOrganization',
  requires: 'organization.read',
  organization: (input: { organizationId: string }) => input.organizationId,
  async run({ tx }, { organizationId }): Promise<OrganizationEntity> {
    const organization = await findOrganization(tx, organizationId)
    if (!organization) throw notFound('The organization')
    return organization
  },
})
