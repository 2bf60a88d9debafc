import { type AuditEntry, notFound, type ReadContext } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { findSsoProvider, type SsoProviderRow } from './sso-provider.store'

/** A connection to be decided about. */
export interface SsoProviderObject {
  organizationId: string
  provider: SsoProviderRow
}

/** Loads a connection for a decision. @throws NOT_FOUND  it does not exist */
export async function ssoProviderObject(context: ReadContext, providerId: string): Promise<SsoProviderObject> {
  const { tx, organizationId } = context
  const provider = await findSsoProvider(tx, organizationId, providerId)
  if (!provider) throw notFound('The connection')
  return { organizationId, provider }
}

/** The audit row of something that happened to a connection. */
export function ssoProviderAudit(
  action: string,
  provider: { id: string; name: string },
  changes?: AuditEntry['changes'],
): AuditEntry {
  const targets = [{ type: 'SsoProvider', id: toTypeId('SsoProvider', provider.id), label: provider.name }]
  return { action, targets, changes }
}
