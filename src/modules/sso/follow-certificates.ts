import type { WriteContext } from '../../access'
import { updateSsoProviderRow } from './change-sso-provider.store'
import { digestOf } from './settings-digest'
import { findSsoProvider, type SsoProviderRow } from './sso-provider.store'

/**
 * Brings the digest to the certificates. Of a connection in use the remaining ones have verified sign-ins, so it stays
 * tested; any other has to pass its test again.
 */
export async function followCertificates({ tx, organizationId }: WriteContext, before: SsoProviderRow): Promise<void> {
  const provider = (await findSsoProvider(tx, organizationId, before.id))!
  const settingsDigest = digestOf(provider)
  const isTested = provider.status === 'ACTIVE' || (provider.testedDigest?.equals(settingsDigest) ?? false)
  await updateSsoProviderRow(tx, organizationId, {
    ...provider,
    settingsDigest,
    testedDigest: isTested ? settingsDigest : provider.testedDigest,
    status: provider.status === 'TESTED' && !isTested ? 'DRAFT' : provider.status,
    defaultRoleId: provider.defaultRole.id,
  })
}
