import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { checkOverlap, successorExpiry } from './api-key.model'
import { findApiKey } from './api-key.store'
import { apiKeyAudit } from './api-key-audit'
import {
  endApiKeyIn,
  findKeyBounds,
  insertApiKey,
  refuseTooManyKeys,
  revokeApiKeyRow,
  rotatedAlready,
} from './api-key-change.store'
import { changeableKeyObject } from './changeable-key'
import type { CreatedApiKey } from './create-api-key'
import { checkKeyRights } from './key-rights'

/** Replaces a key. */
export interface RotateApiKey {
  apiKeyId: string
  /** 0..168: how long the old key still works beside the new one. */
  overlapHours: number
}

/**
 * Makes the successor of a live key, with the same owner and rights and the same length of life. The old one ends after
 * the overlap, or sooner if it was to end sooner.
 *
 * @throws NOT_FOUND  it does not exist, or the actor may not know of it
 * @throws FORBIDDEN  the actor is a key, lacks api_key.create or a right of the key, or it is somebody else's own
 * @throws WRONG_STATE  it has ended, or has a successor already
 * @throws INVALID  the overlap
 * @throws LIMIT_EXCEEDED  the owner would have more than 100 live keys during the overlap
 */
export const rotateApiKey = writeUseCase({
  name: 'rotateApiKey',
  requires: 'api_key.create',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: RotateApiKey) => changeableKeyObject(context, input),
  locks: 'update',
  async run(context, { apiKeyId, overlapHours }, { key: old, ...object }): Promise<CreatedApiKey> {
    const { tx, actor, organizationId } = context
    checkOverlap(overlapHours)
    if (old.isRotated) throw rotatedAlready()
    if (old.status !== 'ACTIVE') throw new AppError('WRONG_STATE', 'This key has ended; make a new one.')
    await checkKeyRights(context, object, old.permissions)
    const { maximumDays, live } = await findKeyBounds(tx, organizationId, object.owner)
    if (overlapHours === 0) await revokeApiKeyRow(tx, organizationId, apiKeyId, 'ROTATED')
    else {
      refuseTooManyKeys(live)
      await endApiKeyIn(tx, organizationId, apiKeyId, overlapHours)
    }
    const { name, permissions } = old
    const expiresAt = successorExpiry(old, new Date(), maximumDays)
    const successor = { name, permissions, expiresAt, rotatedFromId: apiKeyId }
    const { id, secret } = await insertApiKey(tx, organizationId, object.owner, successor, actor)
    const changes = [
      { field: 'successor', before: null, after: toTypeId('ApiKey', id) },
      { field: 'overlapHours', before: null, after: overlapHours },
    ]
    context.audit(apiKeyAudit('api_key.rotated', old, changes))
    return { key: (await findApiKey(tx, organizationId, id))!, secret }
  },
})
