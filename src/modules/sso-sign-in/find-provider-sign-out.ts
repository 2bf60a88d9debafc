import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { findSsoProvider, type SsoProviderRow } from '../sso'
import { findIdTokenOfSession } from './provider-logout.store'

/** How the provider is told that somebody signs out here. */
export interface ProviderSignOut {
  readonly organizationId: string
  readonly provider: SsoProviderRow
  readonly sessionId: string
  readonly sealedIdToken: Buffer
}

/** Where the session that asks came from, if its provider wants to hear of the sign-out; null otherwise. */
export const findProviderSignOut = readUseCase({
  name: 'findProviderSignOut',
  requires: 'member',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, actor, organizationId }, _input: Record<string, never>): Promise<ProviderSignOut | null> {
    if (actor.kind !== 'member') return null
    const kept = await findIdTokenOfSession(tx, organizationId, actor.sessionId)
    const provider = kept && (await findSsoProvider(tx, organizationId, kept.providerId))
    return provider ? { organizationId, provider, sessionId: actor.sessionId, sealedIdToken: kept.sealedIdToken } : null
  },
})
