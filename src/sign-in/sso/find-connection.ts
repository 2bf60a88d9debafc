import { notFound } from '../../access'
import { fromTypeId } from '../../kernel/ids'
import {
  findConnection,
  findOrganizationOfConnection,
  type SsoIntent,
  type SsoProviderRow,
  secretSealContext,
  underTest,
} from '../../modules/sso'
import type { Connection } from '../company/connection'
import type { Visit } from '../visit'

/**
 * The connection that the path names by its id.
 * @throws NOT_FOUND  there is none, or it speaks another protocol; the answer is the same
 */
export async function connectionInPath(visit: Visit): Promise<{ organizationId: string; provider: SsoProviderRow }> {
  const providerId = fromTypeId('SsoProvider', visit.pathPart('id'))
  if (!providerId) throw notFound('This way to sign in')
  const organizationId = await visit.runOnAccountSide(findOrganizationOfConnection, { providerId })
  return { organizationId, provider: await visit.runOnAccountSide(findConnection, { organizationId, providerId }) }
}

/** How a sign-in of this intent speaks to the provider. */
export function connectionFor(
  { site }: Visit,
  { organizationId, provider }: { organizationId: string; provider: SsoProviderRow },
  intent: SsoIntent,
): Connection {
  const isTest = intent === 'TEST'
  const { settings, sealedSecret, digest } = isTest
    ? underTest(provider)
    : { settings: provider.settings, sealedSecret: provider.sealedSecret, digest: provider.settingsDigest }
  return {
    organizationId,
    provider,
    settings,
    digest,
    certificates: provider.certificates.map(({ certificate }) => certificate),
    clientSecret: () =>
      sealedSecret ? site.spine.sealer.open(sealedSecret, secretSealContext(organizationId, provider.id)) : '',
  }
}
