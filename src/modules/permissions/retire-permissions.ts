import { PERMISSIONS, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import type { CatalogPermission } from './catalog'
import { permissionTarget } from './permission-audit'
import { findPlatformPermissions, holdRegistration, retirePermissionRows } from './platform-permission.store'
import type { PermissionResult } from './register-permissions'

const MAXIMUM_KEYS = 500

/**
 * Retires permissions of the platform: from the next request on nobody holds them, and no role can be given them. They
 * stay in the roles that list them, and count again there when they are registered anew. One that is retired already
 * succeeds without a change; what fails, fails alone: NOT_FOUND, or INVALID for one of Gatehouse's own.
 *
 * @returns  what became of each, in the order of the input
 * @throws TOO_MANY  more than 500 at once
 */
export const retirePermissions = writeUseCase({
  name: 'retirePermissions',
  requires: 'operator',
  organization: () => null,
  locks: 'none',
  async run(context, { keys }: { keys: readonly string[] }): Promise<PermissionResult[]> {
    if (keys.length > MAXIMUM_KEYS)
      throw new AppError('TOO_MANY', `At most ${MAXIMUM_KEYS} permissions at once.`, { path: ['keys'] })
    await holdRegistration(context.tx)
    const known = new Map((await findPlatformPermissions(context.tx)).map((each) => [each.key, each]))
    const living = [...new Set(keys)].flatMap((key) => known.get(key) ?? []).filter(({ retiredAt }) => !retiredAt)
    if (living.length > 0)
      await retirePermissionRows(
        context.tx,
        living.map(({ key }) => key),
      )
    for (const permission of living)
      context.audit({ action: 'permission.retired', targets: [permissionTarget(permission)] })
    return keys.map((key, index) => ({ key, error: refusalOf(key, known, ['keys', String(index)]) }))
  },
})

function refusalOf(
  key: string,
  known: ReadonlyMap<string, CatalogPermission>,
  path: readonly string[],
): AppError | null {
  if (known.has(key)) return null
  if (key in PERMISSIONS) return new AppError('INVALID', `${key} belongs to Gatehouse and cannot be retired.`, { path })
  return new AppError('NOT_FOUND', 'No such permission is registered.', { path })
}
