import { writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { newChallenge } from './challenge'
import { findDomains, insertDomain } from './domain.store'
import { domainAudit } from './domain-audit'
import { checkDomainName } from './domain-name'

const MAXIMUM_DOMAINS = 100

/**
 * Claims a domain. It counts for nothing until its TXT record proves it, so that two organizations can claim the same
 * one, and neither learns of the other before its own proof.
 *
 * @returns  the domain's id
 * @throws INVALID  not a domain, a public suffix, or a domain of free mail
 * @throws NOT_UNIQUE  the organization claims it already
 * @throws LIMIT_EXCEEDED  100 domains
 */
export const addDomain = writeUseCase({
  name: 'addDomain',
  requires: 'domain.manage',
  organization: (input: { organizationId: string; name: string }) => input.organizationId,
  locks: 'update',
  async run(context, { organizationId, name: text }): Promise<string> {
    const name = checkDomainName(text)
    if ((await findDomains(context.tx, organizationId)).length >= MAXIMUM_DOMAINS)
      throw new AppError(
        'LIMIT_EXCEEDED',
        `An organization claims at most ${MAXIMUM_DOMAINS} domains; remove one first.`,
      )
    const id = await insertDomain(context.tx, organizationId, { name, challenge: newChallenge() })
    context.audit(domainAudit('domain.added', { id, name }))
    return id
  },
})
