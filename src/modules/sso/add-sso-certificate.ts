import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { putCertificate } from './change-sso-provider.store'
import { followCertificates } from './follow-certificates'
import { MAXIMUM_CERTIFICATES, readSigningCertificate } from './signing-certificate'
import { ssoProviderAudit, ssoProviderObject } from './sso-provider-access'

/**
 * Trusts a further signing certificate of a SAML connection. Of one in use it is trusted beside those in use, so that
 * the provider can change over at any time.
 *
 * @throws NOT_FOUND  the connection does not exist
 * @throws INVALID  it is no certificate that is taken, or the connection is not SAML
 * @throws NOT_UNIQUE  it is trusted already
 * @throws TOO_MANY  there are four
 */
export const addSsoCertificate = writeUseCase({
  name: 'addSsoCertificate',
  requires: 'sso.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { providerId: string; certificate: string }) => ssoProviderObject(context, input.providerId),
  locks: 'update',
  async run(context, { certificate: text }, { organizationId, provider }): Promise<void> {
    if (provider.settings.protocol !== 'SAML')
      throw new AppError('INVALID', 'Only SAML connections have certificates.', { path: ['id'] })
    const path = ['certificate']
    const certificate = readSigningCertificate(text, path)
    if (provider.certificates.some(({ fingerprint }) => fingerprint === certificate.fingerprint))
      throw new AppError('NOT_UNIQUE', 'This certificate is trusted already.', { path })
    if (provider.certificates.length >= MAXIMUM_CERTIFICATES)
      throw new AppError('TOO_MANY', `There are ${MAXIMUM_CERTIFICATES} certificates; retire one that is not used.`, {
        path,
      })
    const status = provider.status === 'ACTIVE' ? 'NEXT' : 'ACTIVE'
    await putCertificate(context.tx, organizationId, provider.id, certificate, status)
    await followCertificates(context, provider)
    const changes = [{ field: 'certificate', before: null, after: certificate.fingerprint }]
    context.audit(ssoProviderAudit('sso_provider.certificate_added', provider, changes))
  },
})
