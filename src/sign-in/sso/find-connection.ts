import { notFound } from '../../access'
import { fromTypeId } from '../../kernel/ids'
import { RecentlyUsed } from '../../kernel/recently-used'
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

/** A connection by its id, and the organization that it belongs to; neither says that it is there still. */
export interface ConnectionKey {
  readonly organizationId: string
  readonly providerId: string
}

/** A connection, as it was just read. */
export interface FoundConnection {
  readonly organizationId: string
  readonly provider: SsoProviderRow
}

const MOST_KEPT = 10_000

/**
 * Which connection the path names. Connections never move to another organization, so that each is looked up once.
 * @throws NOT_FOUND  there was never such a connection
 */
export async function connectionKeyInPath(visit: Visit): Promise<ConnectionKey> {
  const providerId = fromTypeId('SsoProvider', visit.pathPart('id'))
  if (!providerId) throw notFound('This way to sign in')
  const known = ORGANIZATIONS.peek(providerId)
  const organizationId = known ?? (await visit.runOnAccountSide(findOrganizationOfConnection, { providerId }))
  return { organizationId: ORGANIZATIONS.get(providerId, () => organizationId), providerId }
}

const ORGANIZATIONS = new RecentlyUsed<string>(MOST_KEPT)

/** The connection that the path names by its id. @throws NOT_FOUND  there is none */
export async function connectionInPath(visit: Visit): Promise<FoundConnection> {
  const key = await connectionKeyInPath(visit)
  const provider = await visit.runOnAccountSide(findConnection, key)
  return { organizationId: key.organizationId, provider }
}

/** How a sign-in of this intent speaks to the provider. */
export function connectionFor(
  { site }: Visit,
  { organizationId, provider }: FoundConnection,
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
