import { hash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { AppError } from '../../kernel/errors'
import { fromTypeId, newId } from '../../kernel/ids'
import { randomOctets } from '../../kernel/random-octets'
import { browserHashOf } from '../../modules/accounts'
import { attemptSealContext, beginSsoSignIn, type SsoIntent } from '../../modules/sso'
import type { Connection } from '../company/connection'
import type { OidcConnection } from '../oidc/company-clients'
import type { SignInSecrets } from '../provider'
import { authnRequestUrl } from '../saml/authn-request'
import { requestKeyOf } from '../saml/request-key'
import type { Visit } from '../visit'
import { connectionFor, connectionKeyInPath } from './find-connection'

/** What is sealed into the row of an attempt. */
export interface RememberedSso extends Pick<SignInSecrets, 'nonce' | 'codeVerifier'> {
  /** What a frontend on another origin wants back with its code. */
  readonly appState: string
}

const LONGEST_STATE = 512
const CHALLENGE = /^[\w-]{43}$/

/** `GET /sso/{ssoProviderId}/start`: remembers the sign-in and sends the browser to the company's provider. */
export async function startSso(visit: Visit): Promise<FastifyReply> {
  const { organizationId, providerId } = await connectionKeyInPath(visit)
  const intent = intentOf(visit)
  const secrets = newSecrets()
  const id = newId()
  const remembered: RememberedSso = {
    nonce: secrets.nonce,
    codeVerifier: secrets.codeVerifier,
    appState: visit.query('state').slice(0, LONGEST_STATE),
  }
  const provider = await visit.run(beginSsoSignIn, {
    organizationId,
    id,
    providerId,
    intent,
    browserHash: browserHashOf(visit.browserSecret()),
    requestHash: requestHashOf(secrets.state),
    sealed: visit.site.spine.sealer.seal(JSON.stringify(remembered), attemptSealContext(organizationId, id)),
    testRunId: intent === 'TEST' ? fromTypeId('SsoTestRun', visit.query('test')) : null,
    returnTo: visit.returnTo(),
    app: appOf(visit),
  })
  const address = await addressOf(visit, connectionFor(visit, { organizationId, provider }, intent), secrets)
  return visit.goTo(address)
}

/** What the database keeps of a state parameter or request id, SHA-256. */
export function requestHashOf(request: string): Buffer {
  return hash('sha256', request, 'buffer')
}

function intentOf(visit: Visit): SsoIntent {
  if (visit.query('test')) return 'TEST'
  if (!visit.query('link')) return 'SIGN_IN'
  // Only the page that explains what is going to be linked knows this token.
  if (!visit.isOwnToken(visit.query('link')))
    throw new AppError('FORBIDDEN', 'Begin on the page that links your company’s sign-in.')
  return 'LINK'
}

/** A frontend on another origin proves with PKCE that it is the one that began (RFC 7636); S256 only. */
function appOf(visit: Visit): { returnUrl: string; challenge: string } | null {
  const returnUrl = visit.query('returnUrl')
  if (!returnUrl) return null
  const challenge = visit.query('codeChallenge')
  if (CHALLENGE.test(challenge) && visit.query('codeChallengeMethod') === 'S256') return { returnUrl, challenge }
  throw new AppError('INVALID', 'A returnUrl needs a codeChallenge and codeChallengeMethod=S256 (RFC 7636).')
}

function newSecrets(): SignInSecrets {
  const random = (): string => randomOctets(32).toString('base64url')
  // The id of a SAML request, too: an NCName begins with a letter or an underscore (SAML core §1.3.4).
  return { state: `_${random()}`, nonce: random(), codeVerifier: random() }
}

async function addressOf(visit: Visit, connection: Connection, secrets: SignInSecrets): Promise<string> {
  const { settings, provider } = connection
  if (settings.protocol === 'SAML') {
    const { publicUrl } = visit.site
    const key = settings.signsRequests ? await requestKeyOf(visit) : null
    const asksAnew = wantsFreshProof(visit)
    return authnRequestUrl({
      publicUrl,
      providerId: provider.id,
      settings,
      requestId: secrets.state,
      now: new Date(),
      key,
      asksAnew,
    })
  }
  const wishes = { loginHint: visit.query('login_hint').slice(0, 254), asksAnew: wantsFreshProof(visit) }
  return visit.site.companyClients.authorizationUrl(connection as OidcConnection, secrets, wishes).href
}

/** The provider is to ask the person anew, whatever session it has. Whether it did is read from its answer, never from here. */
function wantsFreshProof(visit: Visit): boolean {
  return visit.query('fresh') === '1'
}
