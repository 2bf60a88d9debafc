import { notFound, OWN_ORGANIZATION, writeUseCase } from '../../access'
import { deleteDomainRow, findDomain, releaseProvenDomain } from './domain.store'
import { domainAudit } from './domain-audit'

/**
 * Gives a domain up; whoever proves it next has it. Members with addresses of it stay, and so do their sessions.
 * @throws NOT_FOUND  the domain does not exist
 */
export const removeDomain = writeUseCase({
  name: 'removeDomain',
  requires: 'domain.manage',
  organization: () => OWN_ORGANIZATION,
  locks: 'share',
  async run(context, { domainId }: { domainId: string }): Promise<void> {
    const domain = await findDomain(context.tx, context.organizationId, domainId, 'lock')
    if (!domain) throw notFound('The domain')
    await releaseProvenDomain(context.tx, context.organizationId, domain.name)
    await deleteDomainRow(context.tx, context.organizationId, domainId)
    context.audit(domainAudit('domain.removed', domain, [{ field: 'status', before: domain.status, after: null }]))
  },
})
