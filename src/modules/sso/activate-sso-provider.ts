import { OWN_ORGANIZATION, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { updateSsoProviderRow } from './change-sso-provider.store'
import type { SsoProviderRow } from './sso-provider.store'
import { ssoProviderAudit, ssoProviderObject } from './sso-provider-access'

/**
 * Puts a connection to use: from now on members sign in by it. Asking for what already is changes nothing.
 *
 * @throws NOT_FOUND  it does not exist
 * @throws MEMBERSHIP_MODE  members come by invitation
 * @throws WRONG_STATE  no sign-in has passed with its settings, or its subjects do not last
 */
export const activateSsoProvider = writeUseCase({
  name: 'activateSsoProvider',
  requires: 'sso.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { providerId: string }) => ssoProviderObject(context, input.providerId),
  locks: 'update',
  async run(context, _input, { provider }): Promise<void> {
    if (provider.status === 'ACTIVE') return
    if (context.locked?.membership_mode !== 'SSO')
      throw new AppError(
        'MEMBERSHIP_MODE',
        'Members come by invitation here: switch the membership mode to SSO, which activates the connection.',
      )
    refuseUntested(provider)
    await activateProviders(context, [provider])
  },
})

/** Puts connections to use that are ready for it, in an organization that is in SSO mode. */
export async function activateProviders(context: WriteContext, providers: readonly SsoProviderRow[]): Promise<void> {
  for (const provider of providers) {
    await updateSsoProviderRow(context.tx, context.organizationId, {
      ...provider,
      status: 'ACTIVE',
      defaultRoleId: provider.defaultRole.id,
    })
    const changes = [{ field: 'status', before: provider.status, after: 'ACTIVE' }]
    context.audit(ssoProviderAudit('sso_provider.activated', provider, changes))
  }
}

/** Whether a sign-in has passed with the settings of a connection, and its subjects last. */
export function isReadyForUse(provider: SsoProviderRow): boolean {
  return provider.testedDigest?.equals(provider.settingsDigest) === true && !hasPassingSubjects(provider)
}

function refuseUntested(provider: SsoProviderRow): void {
  if (!provider.testedDigest?.equals(provider.settingsDigest))
    throw new AppError('WRONG_STATE', 'Test the connection first: it is activated with settings that have passed.')
  if (hasPassingSubjects(provider))
    throw new AppError(
      'WRONG_STATE',
      'A transient Name ID is another one at each sign-in: choose a persistent format, or an attribute as subjectSource.',
    )
}

function hasPassingSubjects({ settings, subjectSource }: SsoProviderRow): boolean {
  return (
    settings.protocol === 'SAML' && settings.nameIdFormat?.endsWith(':transient') === true && subjectSource === null
  )
}
