import { notFound, OWN_ORGANIZATION, type ReadContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findProviderOfCertificate, setCertificateStatus } from './change-sso-provider.store'
import { followCertificates } from './follow-certificates'
import { ssoProviderAudit, ssoProviderObject } from './sso-provider-access'

/**
 * Stops trusting a certificate. Of a connection in use one must stay that has verified a sign-in already.
 *
 * @throws NOT_FOUND  it does not exist
 * @throws WRONG_STATE  nobody could sign in any more, as far as is known
 */
export const retireSsoCertificate = writeUseCase({
  name: 'retireSsoCertificate',
  requires: 'sso.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { certificateId: string }) => certificateObject(context, input.certificateId),
  locks: 'update',
  async run(context, { certificateId }, { organizationId, provider }): Promise<string> {
    const retired = provider.certificates.find(({ id }) => id === certificateId)!
    const others = provider.certificates.filter(({ id }) => id !== certificateId)
    if (provider.status === 'ACTIVE' && retired.status === 'ACTIVE' && !others.some(isProven))
      throw new AppError(
        'WRONG_STATE',
        'No other certificate has verified a sign-in yet: add the new one, sign in once the provider uses it, then retire this one.',
      )
    await setCertificateStatus(context.tx, organizationId, [certificateId], 'RETIRED')
    if (provider.status === 'ACTIVE' && retired.status === 'ACTIVE') {
      const proven = others.filter(({ status, ...row }) => status === 'NEXT' && isProven(row)).map(({ id }) => id)
      await setCertificateStatus(context.tx, organizationId, proven, 'ACTIVE')
    }
    await followCertificates(context, provider)
    const changes = [{ field: 'certificate', before: retired.fingerprint, after: null }]
    context.audit(ssoProviderAudit('sso_provider.certificate_retired', provider, changes))
    return provider.id
  },
})

async function certificateObject(context: ReadContext, certificateId: string) {
  const providerId = await findProviderOfCertificate(context.tx, context.organizationId, certificateId)
  if (!providerId) throw notFound('The certificate')
  return ssoProviderObject(context, providerId)
}

function isProven({ lastUsedAt }: { lastUsedAt: Date | null }): boolean {
  return lastUsedAt !== null
}
