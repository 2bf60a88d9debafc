import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { checkKeyExpiry, checkKeyName } from './api-key.model'
import { type ApiKeyRow, findApiKey } from './api-key.store'
import { apiKeyAudit } from './api-key-audit'
import { findKeyBounds, insertApiKey, refuseTooManyKeys } from './api-key-change.store'
import { type KeyOwnerInput, ownerOfNewKey } from './key-owner'
import { checkKeyRights } from './key-rights'

/** A new key. */
export interface CreateApiKey {
  name: string
  owner: KeyOwnerInput
  /** Cuts a personal key down to one project; null for all of them. */
  projectId: string | null
  /** Null: everything the owner may do, now and later; not for the key of a project. */
  permissions: readonly string[] | null
  /** Null: never, or as late as the organization allows. */
  expiresAt: Date | null
}

/** A key just made. */
export interface CreatedApiKey {
  key: ApiKeyRow
  /** `gak_…`, shown this once. */
  secret: string
}

/**
 * Makes a key for the person who asks, for a project or for a service account.
 *
 * @throws NOT_FOUND  the owner does not exist, or the actor cannot see it
 * @throws FORBIDDEN  the actor is a key, lacks api_key.create, or would hand out more than they hold
 * @throws REQUIRED, TOO_LONG, TOO_MANY, INVALID  per value, with path
 * @throws WRONG_STATE  the service account is disabled, or the project archived
 * @throws LIMIT_EXCEEDED  the owner has 100 live keys
 */
export const createApiKey = writeUseCase({
  name: 'createApiKey',
  requires: 'api_key.create',
  organization: ({ owner }: CreateApiKey) => ('organizationId' in owner ? owner.organizationId : OWN_ORGANIZATION),
  object: (context, { owner, projectId }) => ownerOfNewKey(context, owner, projectId),
  // Changes to who holds what wait for one another; so do two that want the last place below the limit.
  locks: 'update',
  async run(context, input, object): Promise<CreatedApiKey> {
    const { tx, actor } = context
    const { organizationId, owner } = object
    const name = checkKeyName(input.name)
    if (object.isDisabled) throw new AppError('WRONG_STATE', 'Enable the service account first.')
    if (object.project?.status === 'ARCHIVED')
      throw new AppError('WRONG_STATE', 'Take the project out of the archive first.')
    const permissions = await checkKeyRights(context, object, input.permissions)
    const { maximumDays, live } = await findKeyBounds(tx, organizationId, owner)
    const expiresAt = checkKeyExpiry(input.expiresAt, { startsAt: new Date(), maximumDays })
    refuseTooManyKeys(live)
    const draft = { name, permissions, expiresAt, rotatedFromId: null }
    const { id, secret } = await insertApiKey(tx, organizationId, owner, draft, actor)
    const key = (await findApiKey(tx, organizationId, id))!
    const changes = [
      { field: 'permissions', before: null, after: permissions },
      { field: 'expiresAt', before: null, after: expiresAt?.toISOString() ?? null },
    ]
    context.audit(apiKeyAudit('api_key.created', key, changes))
    return { key, secret }
  },
})
