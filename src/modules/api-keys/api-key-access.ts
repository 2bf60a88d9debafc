import { type AccessObject, type Actor, actorMemberId, notFound, type Permission, type ReadContext } from '../../access'
import { projectObject } from '../projects'
import { type ApiKeyRow, findApiKey } from './api-key.store'

/** A key that the actor may know of. */
export interface ApiKeyObject extends AccessObject {
  organizationId: string
  key: ApiKeyRow
}

const OWN: readonly Permission[] = ['api_key.read', 'api_key.create', 'api_key.revoke']
const ITSELF: readonly Permission[] = ['api_key.read', 'api_key.revoke']

/**
 * Loads a key for a decision: about its project, or for a personal key about the organization. People may do with
 * personal keys of their own what they like, and a key may look at itself and end itself.
 *
 * @throws NOT_FOUND  it does not exist, or the actor may not know of it
 */
export async function apiKeyObject(context: ReadContext, { apiKeyId }: { apiKeyId: string }): Promise<ApiKeyObject> {
  const { tx, actor, organizationId } = context
  const key = await findApiKey(tx, organizationId, apiKeyId)
  if (!key) throw notFound('The key')
  const own = rightsTo(key, actor)
  if (key.ownerKind !== 'MEMBER' && key.projectId) {
    const { permissionsHere } = await projectObject(context, organizationId, { id: key.projectId })
    return { organizationId, key, permissionsHere: new Set([...(permissionsHere ?? []), ...own]) }
  }
  if (own.length === 0 && !mayKnowOfAll(actor)) throw notFound('The key')
  return { organizationId, key, permissionsHere: new Set(own) }
}

/** What the actor may do with a key because it is their own, or the one that asks. */
export function rightsTo(key: Pick<ApiKeyRow, 'id' | 'memberId'>, actor: Actor): readonly Permission[] {
  return actor.kind === 'key' && actor.keyId === key.id ? ITSELF : rightsToKeysOf(key.memberId, actor)
}

/** What the actor may do with the personal keys of a member; everything with their own. */
export function rightsToKeysOf(memberId: string | null, actor: Actor): readonly Permission[] {
  if (memberId === null || memberId !== actorMemberId(actor)) return []
  if (actor.kind !== 'key') return OWN
  // A key reaches the others of its person as far as its limits let it.
  return actor.projectId ? [] : OWN.filter((permission) => !actor.limit || actor.limit.has(permission))
}

/** Personal keys of others are for those who look after all keys of the organization. */
function mayKnowOfAll(actor: Actor): boolean {
  if (actor.kind === 'operator' || actor.kind === 'system') return true
  return 'permissions' in actor && (actor.permissions.has('api_key.read') || actor.permissions.has('api_key.revoke'))
}
