import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { applySsoChanges, type ResolvedChanges } from './apply-sso-changes'
import { ssoProviderObject } from './sso-provider-access'

/** Changes a connection to what its metadata says; see {@link changeSsoProvider}. */
export const importSsoProvider = writeUseCase({
  name: 'importSsoProvider',
  requires: 'sso.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ResolvedChanges) => ssoProviderObject(context, input.providerId),
  locks: 'update',
  run: (context, input, { provider }): Promise<void> => applySsoChanges(context, input, provider),
})
