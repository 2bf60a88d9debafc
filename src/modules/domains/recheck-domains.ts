import { Operation, type Spine, systemCaller } from '../../access'
import { AppError } from '../../kernel/errors'
import type { Outside } from '../../platform/outside'
import { dnsRecord } from './domain.model'
import { findDueDomains } from './domain.store'
import { verifyDomain } from './verify-domain'

const MOST_PER_RUN = 100

/** Looks again for the records of proven domains that were not looked at for a day. @returns how many */
export async function recheckDomains(spine: Spine, outside: Outside): Promise<number> {
  const due = await spine.database.write({ kind: 'installation' }, (tx) => findDueDomains(tx, MOST_PER_RUN))
  for (const { organizationId, ...domain } of due) {
    const records = await outside.resolveTxt(dnsRecord(domain).host).catch(() => null)
    await new Operation(spine, systemCaller('domain check', organizationId))
      .execute(verifyDomain, { domainId: domain.id, records })
      .catch(ignoreGone)
  }
  return due.length
}

/** The domain or its organization is gone since the list was read. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error
}
