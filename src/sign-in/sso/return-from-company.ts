import type { FastifyReply } from 'fastify'
import { notFound } from '../../access'
import { AppError } from '../../kernel/errors'
import { browserHashOf } from '../../modules/accounts'
import {
  attemptSealContext,
  ssoAddresses,
  type TakenSsoAttempt,
  type TakenSsoSignIn,
  takeSsoSignIn,
} from '../../modules/sso'
import type { OidcConnection } from '../oidc/company-clients'
import type { Visit } from '../visit'
import { type ConnectionKey, connectionFor, connectionKeyInPath } from './find-connection'
import { finishSso } from './finish-sso'
import { type RememberedSso, requestHashOf } from './start-sso'

/**
 * `GET /sso/oidc/{ssoProviderId}/callback`: the browser comes back from its company's OpenID provider. The attempt is
 * used up before the answer is looked at.
 */
export async function returnFromCompany(visit: Visit): Promise<FastifyReply> {
  const key = await connectionKeyInPath(visit)
  const state = visit.query('state')
  const { attempt, provider } = await takeAttempt(visit, key, state)
  const { organizationId } = key
  const remembered = rememberedOf(visit, organizationId, attempt)
  const connection = connectionFor(visit, { organizationId, provider }, attempt.intent)
  if (connection.settings.protocol !== 'OIDC') throw notFound('This way to sign in')
  return finishSso(visit, { connection, attempt, appState: remembered.appState }, () =>
    visit.site.companyClients.identify(connection as OidcConnection, callbackAddress(visit, provider.id), {
      state,
      ...remembered,
    }),
  )
}

/** @throws EXPIRED  no such attempt, or not of this browser */
export async function takeAttempt(visit: Visit, connection: ConnectionKey, request: string): Promise<TakenSsoSignIn> {
  const browserSecret = visit.knownBrowserSecret()
  if (!request || !browserSecret)
    throw new AppError('EXPIRED', 'This sign-in began in another browser, or cookies are blocked here.')
  return visit.runOnAccountSide(takeSsoSignIn, {
    ...connection,
    browserHash: browserHashOf(browserSecret),
    requestHash: requestHashOf(request),
  })
}

/** What was sealed into an attempt when it began. */
export function rememberedOf({ site }: Visit, organizationId: string, { id, sealed }: TakenSsoAttempt): RememberedSso {
  return JSON.parse(site.spine.sealer.open(sealed, attemptSealContext(organizationId, id))) as RememberedSso
}

/** The address as it is registered, never as the Host header says, with the query exactly as it came. */
function callbackAddress(visit: Visit, providerId: string): URL {
  const query = visit.request.raw.url?.split(/\?(.*)/s, 2)[1] ?? ''
  return new URL(`${ssoAddresses(visit.site.publicUrl, providerId).redirectUri}?${query}`)
}
