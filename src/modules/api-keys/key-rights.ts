import {
  actorMemberId,
  PERMISSIONS,
  type Permission,
  refuseEscalation,
  SYSTEM_ROLES,
  type WriteContext,
} from '../../access'
import { AppError } from '../../kernel/errors'
import { findRole } from '../roles'
import { MOST_PERMISSIONS } from './api-key.model'
import type { KeyOwnerObject } from './key-owner'
import { findGrantedPermissions, findPlatformScopes } from './key-rights.store'

const PATH = ['input', 'permissions']

/**
 * What a key is to be cut down to: known permissions that its owner may use where the key works, none of which the
 * person who makes the key lacks. What its owner loses later, the key loses with it.
 *
 * @param asked  null for everything the owner may do, now and later
 * @returns  without repetitions; null as asked
 * @throws REQUIRED  an empty list, and none at all for the key of a project
 * @throws TOO_MANY  more than 200
 * @throws INVALID  a permission that does not exist, means nothing where the key works, or that the owner lacks
 * @throws FORBIDDEN  a permission that the person lacks
 */
export async function checkKeyRights(
  context: WriteContext,
  owner: KeyOwnerObject,
  asked: readonly string[] | null,
): Promise<string[] | null> {
  const permissions = asked && [...new Set(asked)]
  if (permissions) await refuseMeaningless(context, permissions, owner)
  else if (owner.owner.kind === 'PROJECT')
    throw new AppError('REQUIRED', 'The key of a project names what it may do.', { path: PATH })

  const role = owner.roleId ? (await findRole(context.tx, owner.organizationId, owner.roleId))!.permissions : null
  const tooMuch = role && permissions?.find((permission) => !role.has(permission))
  if (tooMuch)
    throw new AppError('INVALID', `The role of the service account does not allow ${tooMuch}.`, { path: PATH })
  const permissionsHere = await heldWhereItWorks(context, owner)
  refuseEscalation(context.actor, permissions ?? role ?? [], { permissionsHere }, PATH)
  return permissions
}

async function refuseMeaningless(
  { tx }: WriteContext,
  permissions: readonly string[],
  { project }: KeyOwnerObject,
): Promise<void> {
  if (permissions.length === 0)
    throw new AppError('REQUIRED', 'Name at least one permission, or leave them out.', { path: PATH })
  if (permissions.length > MOST_PERMISSIONS)
    throw new AppError('TOO_MANY', `A key names at most ${MOST_PERMISSIONS} permissions.`, { path: PATH })
  const ofPlatform = await findPlatformScopes(tx, permissions)
  for (const permission of permissions) {
    const scope = Object.hasOwn(PERMISSIONS, permission)
      ? PERMISSIONS[permission as Permission].scope
      : ofPlatform.get(permission)
    if (!scope) throw new AppError('INVALID', `There is no permission ${permission.slice(0, 100)}.`, { path: PATH })
    if (project && scope === 'ORGANIZATION')
      throw new AppError(
        'INVALID',
        `${permission} is about the whole organization, and this key works in one project.`,
        {
          path: PATH,
        },
      )
  }
}

/** A personal key without a project may name what its member holds in any of them. */
async function heldWhereItWorks(
  { tx, actor }: WriteContext,
  { organizationId, project, held }: KeyOwnerObject,
): Promise<ReadonlySet<string>> {
  const memberId = actorMemberId(actor)
  if (project || !memberId) return held
  const granted = await findGrantedPermissions(tx, organizationId, memberId)
  return new Set([...granted, ...SYSTEM_ROLES.PROJECT_MEMBER.permissions])
}
