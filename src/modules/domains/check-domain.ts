import type { Operation } from '../../access'
import type { Outside } from '../../platform/outside'
import { dnsRecord } from './domain.model'
import { getDomain } from './list-domains'
import { verifyDomain } from './verify-domain'

/**
 * Looks for the TXT record of a domain and takes over what was found. The name server is asked between two
 * transactions, never within one.
 *
 * @throws NOT_FOUND  the domain does not exist in the caller's organization
 * @throws FORBIDDEN  the caller may not manage domains
 */
export async function checkDomain(operation: Operation, outside: Outside, domainId: string): Promise<void> {
  const domain = await operation.execute(getDomain, { domainId })
  await operation.release()
  const records = await outside.resolveTxt(dnsRecord(domain).host).catch(() => null)
  await operation.execute(verifyDomain, { domainId, records })
}
