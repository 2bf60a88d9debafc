import { AppError } from '../kernel/errors'
import type { Actor } from './actor'
import type { AccessObject } from './policy'

/**
 * Nobody hands out more than they hold: neither by a role, nor by a key. The founder (an account still, in the
 * transaction of the founding) and the operator hold everything.
 *
 * @param offered  everything that is handed out
 * @param here  where it is to count: what the actor holds there besides
 * @param path  of the argument that offers too much
 * @throws FORBIDDEN  naming a permission that the actor lacks
 */
export function refuseEscalation(
  actor: Actor,
  offered: Iterable<string>,
  here: Pick<AccessObject, 'permissionsHere'>,
  path: readonly string[],
): void {
  const permission = permissionBeyond(actor, offered, here)
  if (permission === null) return
  throw new AppError('FORBIDDEN', `This would give ${permission}, which you do not hold yourself.`, {
    permission,
    path,
  })
}

/** The first permission of an offer that the actor does not hold, by the same rule; null when it may hand out all. */
export function permissionBeyond(
  actor: Actor,
  offered: Iterable<string>,
  here: Pick<AccessObject, 'permissionsHere'> = {},
): string | null {
  if (actor.kind !== 'member' && actor.kind !== 'key' && actor.kind !== 'setup') return null
  for (const permission of offered)
    if (!actor.permissions.has(permission) && !here.permissionsHere?.has(permission)) return permission
  return null
}
