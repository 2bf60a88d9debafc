import { Operation, type Spine, systemCaller, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findAdminAddresses } from '../members'
import { findExpiringCertificates, markCertificateWarned, wipeOldFindings } from './expiry.store'
import { findSsoProvider } from './sso-provider.store'
import { ssoProviderAudit } from './sso-provider-access'

const STAGES = [7, 30, 60]
const MOST_PER_RUN = 100
const DAY = 86_400_000

/**
 * Tells the Admins that a signing certificate expires: once each at 60, 30 and 7 days before. A disabled connection
 * warns nobody.
 */
export const warnOfCertificate = writeUseCase({
  name: 'warnOfCertificate',
  requires: 'operator',
  organization: (input: { organizationId: string; providerId: string; certificateId: string }) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, providerId, certificateId }): Promise<void> {
    const provider = await findSsoProvider(context.tx, organizationId, providerId)
    const certificate = provider?.certificates.find(({ id }) => id === certificateId)
    if (!provider || !certificate) return
    const days = Math.floor((certificate.notAfter.getTime() - Date.now()) / DAY)
    const stage = STAGES.find((most) => days < most)
    // Under the lock: another process may have warned since the list was read.
    if (!stage || !(await markCertificateWarned(context.tx, organizationId, certificateId, stage))) return
    context.audit(
      ssoProviderAudit('sso_provider.certificate_expiring', provider, [
        { field: 'notAfter', before: null, after: certificate.notAfter.toISOString() },
      ]),
    )
    if (provider.status === 'DISABLED') return
    const payload = {
      organizationName: context.locked?.name ?? '',
      providerName: provider.name,
      subject: certificate.subject,
      fingerprint: certificate.fingerprint,
      notAfter: certificate.notAfter.toISOString(),
    }
    for (const destination of await findAdminAddresses(context.tx, organizationId))
      context.send({ kind: 'mail.certificate-expiring', destination, payload })
  },
})

/** Warns of certificates that expire, and forgets what tests found more than a day ago. @returns how many were due */
export async function watchConnections(spine: Spine): Promise<number> {
  const due = await spine.database.write({ kind: 'installation' }, async (tx) => {
    await wipeOldFindings(tx)
    return findExpiringCertificates(tx, MOST_PER_RUN)
  })
  for (const certificate of due)
    await new Operation(spine, systemCaller('connection watch'))
      .execute(warnOfCertificate, certificate)
      .catch(ignoreGone)
  return due.length
}

/** The organization is gone, or waits for its deletion, since the list was read. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error
}
