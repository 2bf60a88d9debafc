import { type AuditEntry, notFound, type ReadContext, refuseEscalation, type WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { findRole, type Role } from '../roles'
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

/**
 * A role that a connection is to hand out. Nobody hands out more than they hold, and only an Admin hands out Admin.
 * @throws NOT_FOUND, INVALID, FORBIDDEN  with the path of the argument that names it
 */
export async function mappableRole(context: WriteContext, roleId: string, path: readonly string[]): Promise<Role> {
  const role = await findRole(context.tx, context.organizationId, roleId)
  if (!role) throw new AppError('NOT_FOUND', 'The role does not exist.', { path })
  if (role.scope !== 'ORGANIZATION')
    throw new AppError('INVALID', `${role.name} is a role of projects; choose one of the organization.`, { path })
  const { actor } = context
  if (role.isSystem && role.key === 'admin' && actor.kind === 'member' && actor.roleKey !== 'admin')
    throw new AppError('FORBIDDEN', 'Only an Admin can let a connection make Admins.', { path })
  refuseEscalation(actor, role.permissions, {}, path)
  return role
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
