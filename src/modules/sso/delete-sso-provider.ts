import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { deleteSsoProviderRow, type EndedWithProvider, endSessionsOfProvider } from './change-sso-provider.store'
import { refuseLastWayIn } from './last-way-in'
import { ssoProviderAudit, ssoProviderObject } from './sso-provider-access'

/**
 * Deletes a connection; sessions that began with it end at once, and who signed in by it is forgotten. The members stay.
 *
 * @returns  what was alive until now
 * @throws NOT_FOUND  it does not exist
 * @throws LAST_WAY_IN  members come by SSO, and there would be no way in
 */
export const deleteSsoProvider = writeUseCase({
  name: 'deleteSsoProvider',
  requires: 'sso.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { providerId: string }) => ssoProviderObject(context, input.providerId),
  locks: 'update',
  async run(context, _input, { organizationId, provider }): Promise<EndedWithProvider> {
    await refuseLastWayIn(context, provider)
    const ended = await endSessionsOfProvider(context.tx, organizationId, provider.id)
    await deleteSsoProviderRow(context.tx, organizationId, provider.id)
    const changes = [{ field: 'sessions', before: ended.sessions, after: 0 }]
    context.audit(ssoProviderAudit('sso_provider.deleted', provider, changes))
    return ended
  },
})
