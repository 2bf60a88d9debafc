import { AppError } from '../../kernel/errors'
import { idTokenSealContext } from '../../modules/sessions'
import { findProviderSignOut, type ProviderSignOut } from '../../modules/sso-sign-in'
import type { Visit } from '../visit'

/** A way to sign out at a company's provider too. */
export interface ProviderSignOutLink {
  readonly providerName: string
  /** Holds the ID token of the session: for the browser of its person alone. */
  readonly url: string
}

/**
 * Where the browser may go on to sign out at its company's provider (OpenID Connect RP-Initiated Logout 1.0 §2), asked
 * before the session ends here. Whatever goes wrong gives null: a sign-out here depends on nothing of it.
 */
export async function providerSignOutOf(visit: Visit): Promise<ProviderSignOutLink | null> {
  try {
    const found = await visit.run(findProviderSignOut, {})
    return found && linkOf(visit, found)
  } catch (error) {
    const { request } = visit
    // Nobody in a session: there is nothing to end at a provider either.
    if (!(error instanceof AppError))
      request.log.warn({ err: error, requestId: request.id }, 'no sign-out at the provider')
    return null
  }
}

function linkOf({ site }: Visit, found: ProviderSignOut): ProviderSignOutLink | null {
  const { organizationId, sessionId, provider, sealedIdToken } = found
  const { settings, name } = provider
  if (settings.protocol !== 'OIDC' || !settings.metadata.end_session_endpoint) return null
  const url = new URL(settings.metadata.end_session_endpoint)
  const idToken = site.spine.sealer.open(sealedIdToken, idTokenSealContext(organizationId, sessionId))
  url.searchParams.set('id_token_hint', idToken)
  url.searchParams.set('client_id', settings.clientId)
  return { providerName: name, url: url.href }
}
