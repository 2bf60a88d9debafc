import { notFound, readUseCase } from '../../access'
import { findOrganizationOfSsoProvider, findSsoProvider, type SsoProviderRow } from './sso-provider.store'

/** The organization of a connection, for whoever signs in by it. @throws NOT_FOUND  there is no such connection */
export const findOrganizationOfConnection = readUseCase({
  name: 'findOrganizationOfConnection',
  requires: 'anyone',
  organization: () => null,
  async run({ tx }, { providerId }: { providerId: string }): Promise<string> {
    const organizationId = await findOrganizationOfSsoProvider(tx, providerId)
    if (!organizationId) throw notFound('This way to sign in')
    return organizationId
  },
})

/** A connection with all that a sign-in by it needs; for the sign-in itself. @throws NOT_FOUND */
export const findConnection = readUseCase({
  name: 'findConnection',
  requires: 'anyone',
  organization: (input: { organizationId: string; providerId: string }) => input.organizationId,
  async run({ tx }, { organizationId, providerId }): Promise<SsoProviderRow> {
    const provider = await findSsoProvider(tx, organizationId, providerId)
    if (!provider) throw notFound('This way to sign in')
    return provider
  },
})
