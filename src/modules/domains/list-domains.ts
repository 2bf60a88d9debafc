import { notFound, OWN_ORGANIZATION, readUseCase } from '../../access'
import { type DomainRow, findDomain, findDomains } from './domain.store'

/** The domains that an organization claims, oldest first. */
export const listDomains = readUseCase({
  name: 'listDomains',
  requires: 'domain.read',
  organization: (input: { organizationId: string }) => input.organizationId,
  run: ({ tx }, { organizationId }): Promise<DomainRow[]> => findDomains(tx, organizationId),
})

/**
 * One domain of the caller's organization.
 * @throws NOT_FOUND  when it does not exist there
 */
export const getDomain = readUseCase({
  name: 'getDomain',
  requires: 'domain.read',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, organizationId }, { domainId }: { domainId: string }): Promise<DomainRow> {
    const domain = await findDomain(tx, organizationId, domainId)
    if (!domain) throw notFound('The domain')
    return domain
  },
})
