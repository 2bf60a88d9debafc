import { notFound, OWN_ORGANIZATION, type WriteContext, writeUseCase } from '../../access'
import { type DomainStatus, dnsRecord, GRACE_DAYS, provesDomain } from './domain.model'
import { claimProvenDomain, type DomainRow, findDomain, releaseProvenDomain, writeCheck } from './domain.store'
import { domainAudit } from './domain-audit'

/** What the name server answered; null when it could not be asked. */
export interface VerifyDomain {
  domainId: string
  records: readonly string[] | null
}

/**
 * Takes over what a look at the name server has found. The record proves the domain, unless another organization has
 * proven it before. A proven domain whose record is missing for a week is lost: it routes nobody any more, and
 * somebody else may prove it. That a name server does not answer proves nothing either way.
 *
 * @throws NOT_FOUND  the domain is not claimed any more
 */
export const verifyDomain = writeUseCase({
  name: 'verifyDomain',
  requires: 'domain.manage',
  organization: () => OWN_ORGANIZATION,
  locks: 'share',
  async run(context, { domainId, records }: VerifyDomain): Promise<void> {
    const domain = await findDomain(context.tx, context.organizationId, domainId, 'lock')
    if (!domain) throw notFound('The domain')
    const isFound = records !== null && provesDomain(domain, records)
    const { status, error } = await judge(context, domain, isFound, records)
    await writeCheck(context.tx, context.organizationId, domainId, {
      status,
      error,
      isFound: isFound || records === null,
    })
    const hasChanged = status !== domain.status
    context.audit(
      domainAudit(hasChanged ? `domain.${status === 'VERIFIED' ? 'verified' : 'lost'}` : 'domain.checked', domain, [
        { field: 'status', before: domain.status, after: status },
      ]),
    )
  },
})

async function judge(
  { tx, organizationId }: WriteContext,
  domain: DomainRow,
  isFound: boolean,
  records: readonly string[] | null,
): Promise<{ status: DomainStatus; error: string | null }> {
  if (isFound) {
    if (await claimProvenDomain(tx, organizationId, domain.name)) return { status: 'VERIFIED', error: null }
    return { status: 'FAILED', error: 'Another organization has proven this domain; it must release it first.' }
  }
  const { host } = dnsRecord(domain)
  const error =
    records === null ? 'The name server did not answer; try again later.' : `There is no such TXT record at ${host}.`
  if (domain.status !== 'VERIFIED') return { status: domain.status, error }
  if (records === null || !isOverdue(domain)) return { status: 'VERIFIED', error }
  await releaseProvenDomain(tx, organizationId, domain.name)
  return { status: 'FAILED', error }
}

function isOverdue({ failingSince }: DomainRow): boolean {
  return failingSince !== null && failingSince.getTime() < Date.now() - GRACE_DAYS * 86_400_000
}
