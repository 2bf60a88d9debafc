import { type Operation, OWN_ORGANIZATION, readUseCase } from '../../access'
import type { Outside } from '../../platform/outside'
import { refuseStale, type UpdateSsoProvider } from './apply-sso-changes'
import { type ProtocolInput, resolveSettings } from './resolve-settings'
import type { SsoProviderRow } from './sso-provider.store'
import { ssoProviderObject } from './sso-provider-access'
import { updateSsoProvider } from './update-sso-provider'

/**
 * Changes a connection, asking its provider for what is not given.
 *
 * @param protocol  how it is spoken to; null to leave that
 * @param path  of the argument that `protocol` is
 * @param useCase  under which it is stored
 * @throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH  before anybody outside is asked
 * @throws WRONG_STATE  issuer, entity id or subject source are to change although people have signed in by it
 * @throws REQUIRED, INVALID, TOO_LONG, TOO_MANY, NOT_UNIQUE  per value, with path
 */
export async function changeSsoProvider(
  operation: Operation,
  outside: Outside,
  input: UpdateSsoProvider,
  protocol: ProtocolInput | null,
  path: readonly string[] = ['input', 'protocol'],
  useCase: typeof updateSsoProvider = updateSsoProvider,
): Promise<void> {
  if (!protocol) return operation.execute(useCase, { ...input, resolved: null })
  const provider = await operation.execute(getManagedSsoProvider, input)
  refuseStale(provider, input.expectedVersion)
  await operation.release()
  const current = provider.pendingSettings ?? provider.settings
  const resolved = await resolveSettings(outside, provider.vendor, protocol, current, path)
  await operation.execute(useCase, { ...input, expectedVersion: provider.version, resolved })
}

/** A connection that the actor may change. @throws NOT_FOUND, FORBIDDEN */
export const getManagedSsoProvider = readUseCase({
  name: 'getManagedSsoProvider',
  requires: 'sso.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { providerId: string }) => ssoProviderObject(context, input.providerId),
  run: async (_context, _input, { provider }): Promise<SsoProviderRow> => provider,
})
