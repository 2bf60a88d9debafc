import { notFound, OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import type { DomainJoinPolicy } from './domain.model'
import { findDomain, writeJoinPolicy } from './domain.store'
import { domainAudit } from './domain-audit'

/**
 * Says who may ask to be let in by having an address of the domain.
 *
 * @throws NOT_FOUND  the domain does not exist
 * @throws WRONG_STATE  only a proven domain lets anybody ask
 */
export const updateDomain = writeUseCase({
  name: 'updateDomain',
  requires: 'domain.manage',
  organization: () => OWN_ORGANIZATION,
  locks: 'share',
  async run(context, { domainId, joinPolicy }: { domainId: string; joinPolicy: DomainJoinPolicy }): Promise<void> {
    const domain = await findDomain(context.tx, context.organizationId, domainId, 'lock')
    if (!domain) throw notFound('The domain')
    if (domain.joinPolicy === joinPolicy) return
    if (joinPolicy === 'REQUEST' && domain.status !== 'VERIFIED')
      throw new AppError('WRONG_STATE', 'Prove the domain first: only then does an address of it say anything.')
    await writeJoinPolicy(context.tx, context.organizationId, domainId, joinPolicy)
    context.audit(
      domainAudit('domain.updated', domain, [{ field: 'joinPolicy', before: domain.joinPolicy, after: joinPolicy }]),
    )
  },
})
