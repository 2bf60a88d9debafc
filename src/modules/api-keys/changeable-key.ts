import { notFound, type ReadContext } from '../../access'
import { projectObject } from '../projects'
import { serviceAccountObject } from '../service-accounts'
import type { ApiKeyRow } from './api-key.store'
import { apiKeyObject } from './api-key-access'
import { inProject, type KeyOwnerObject, personalOwner, refuseKeys, refuseOthers } from './key-owner'

/** A key together with its owner, for changes that only people make. */
export interface ChangeableKeyObject extends KeyOwnerObject {
  key: ApiKeyRow
}

/**
 * Loads a key that is to be rotated or changed.
 *
 * @throws NOT_FOUND  it does not exist, or the actor may not know of it
 * @throws FORBIDDEN  the actor is a key, or the key acts for somebody else
 */
export async function changeableKeyObject(
  context: ReadContext,
  { apiKeyId }: { apiKeyId: string },
): Promise<ChangeableKeyObject> {
  const { key, permissionsHere } = await apiKeyObject(context, { apiKeyId })
  refuseKeys(context)
  return { ...(await ownerOf(context, key)), permissionsHere, key }
}

async function ownerOf(context: ReadContext, key: ApiKeyRow): Promise<KeyOwnerObject> {
  const { organizationId } = context
  if (key.memberId) {
    refuseOthers(context, key.memberId)
    return personalOwner(context, organizationId, key.projectId)
  }
  if (key.serviceAccountId) {
    const object = await serviceAccountObject(context, { serviceAccountId: key.serviceAccountId })
    return inProject(object, object.account)
  }
  if (!key.projectId) throw notFound('The key')
  return inProject(await projectObject(context, organizationId, { id: key.projectId }), null)
}
