import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { checkKeyExpiry, checkKeyName } from './api-key.model'
import { type ApiKeyRow, findApiKey } from './api-key.store'
import { apiKeyAudit } from './api-key-audit'
import { findKeyBounds, updateApiKeyRow } from './api-key-change.store'
import { changeableKeyObject } from './changeable-key'
import { checkKeyRights } from './key-rights'

/** Changes to a key; what is absent stays. */
export interface UpdateApiKey {
  apiKeyId: string
  name?: string | null
  /** Null gives it everything its owner may do; not for the key of a project. */
  permissions?: readonly string[] | null
  /** Null lets it live on, or as long as the organization allows. */
  expiresAt?: Date | null
}

/**
 * Renames a live key, or gives it other permissions or another end.
 *
 * @throws NOT_FOUND  it does not exist, or the actor may not know of it
 * @throws FORBIDDEN  the actor is a key, lacks api_key.create or a right of the key, or it is somebody else's own
 * @throws REQUIRED, TOO_LONG, TOO_MANY, INVALID  per value, with path
 * @throws WRONG_STATE  it has ended, or was rotated and ends with that
 */
export const updateApiKey = writeUseCase({
  name: 'updateApiKey',
  requires: 'api_key.create',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: UpdateApiKey) => changeableKeyObject(context, input),
  locks: 'update',
  async run(context, input, { key, ...object }): Promise<ApiKeyRow> {
    const { tx, organizationId } = context
    if (key.status !== 'ACTIVE') throw new AppError('WRONG_STATE', 'This key has ended; make a new one.')
    if (key.isRotated && input.expiresAt !== undefined)
      throw new AppError('WRONG_STATE', 'This key was rotated and ends with that; change its successor.')
    const name = input.name == null ? key.name : checkKeyName(input.name)
    // Whoever lets a key do or live more hands that out.
    const isWidened = input.permissions !== undefined || input.expiresAt !== undefined
    const asked = input.permissions === undefined ? key.permissions : input.permissions
    const permissions = isWidened ? await checkKeyRights(context, object, asked) : key.permissions
    const { maximumDays } = await findKeyBounds(tx, organizationId, object.owner)
    const life = { startsAt: key.createdAt, maximumDays }
    const expiresAt = input.expiresAt === undefined ? key.expiresAt : checkKeyExpiry(input.expiresAt, life)
    const changes = [
      { field: 'name', before: key.name, after: name },
      { field: 'permissions', before: key.permissions, after: permissions },
      {
        field: 'expiresAt',
        before: key.expiresAt?.toISOString() ?? null,
        after: expiresAt?.toISOString() ?? null,
      },
    ].filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
    if (changes.length === 0) return key
    await updateApiKeyRow(tx, organizationId, key.id, { name, permissions, expiresAt })
    context.audit(apiKeyAudit('api_key.updated', key, changes))
    return (await findApiKey(tx, organizationId, key.id))!
  },
})
