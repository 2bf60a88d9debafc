import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { type EndedWithProvider, endSessionsOfProvider, updateSsoProviderRow } from './change-sso-provider.store'
import { refuseLastWayIn } from './last-way-in'
import { ssoProviderAudit, ssoProviderObject } from './sso-provider-access'

/**
 * Takes a connection out of use; sessions that began with it end at once. What waited for a test is dropped. Asking for
 * what already is changes nothing.
 *
 * @returns  what was alive until now
 * @throws NOT_FOUND  it does not exist
 * @throws LAST_WAY_IN  members come by SSO, and there would be no way in
 */
export const disableSsoProvider = writeUseCase({
  name: 'disableSsoProvider',
  requires: 'sso.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { providerId: string }) => ssoProviderObject(context, input.providerId),
  locks: 'update',
  async run(context, _input, { organizationId, provider }): Promise<EndedWithProvider> {
    if (provider.status === 'DISABLED') return { sessions: 0, refreshTokens: 0 }
    await refuseLastWayIn(context, provider)
    await updateSsoProviderRow(context.tx, organizationId, {
      ...provider,
      status: 'DISABLED',
      pendingSettings: null,
      pendingSealedSecret: null,
      defaultRoleId: provider.defaultRole.id,
    })
    const ended = await endSessionsOfProvider(context.tx, organizationId, provider.id)
    context.audit(
      ssoProviderAudit('sso_provider.disabled', provider, [
        { field: 'status', before: provider.status, after: 'DISABLED' },
        { field: 'sessions', before: ended.sessions, after: 0 },
      ]),
    )
    return ended
  },
})
