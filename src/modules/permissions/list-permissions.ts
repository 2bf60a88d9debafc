import { readUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import type { Transaction } from '../../platform/database'
import { type CatalogPermission, OWN_PERMISSIONS } from './catalog'
import { findPlatformPermissions } from './platform-permission.store'

/**
 * The whole catalogue: Gatehouse's permissions, then the platform's by key, retired ones too. For everybody who
 * presents something valid: what the platform can do is not told to strangers.
 *
 * @throws UNAUTHENTICATED  nobody is signed in
 */
export const listPermissions = readUseCase({
  name: 'listPermissions',
  requires: 'anyone',
  organization: () => null,
  async run({ tx, actor }, _input: Record<string, never>): Promise<CatalogPermission[]> {
    if (actor.kind === 'anonymous')
      throw new AppError('UNAUTHENTICATED', 'Sign in first, or send a valid bearer token.')
    return findCatalog(tx)
  },
})

/** Everything that a role can allow, and what it could before it was retired. */
export async function findCatalog(tx: Transaction): Promise<CatalogPermission[]> {
  return [...OWN_PERMISSIONS, ...(await findPlatformPermissions(tx))]
}
