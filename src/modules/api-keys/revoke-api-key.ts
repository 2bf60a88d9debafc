import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { type ApiKeyRow, findApiKey } from './api-key.store'
import { apiKeyObject } from './api-key-access'
import { apiKeyAudit } from './api-key-audit'
import { revokeApiKeyRow } from './api-key-change.store'

/**
 * Ends a key at once and for good. People end their own, Admins every key, and a key itself. Asking again changes
 * nothing.
 *
 * @returns  the key as it is now
 * @throws NOT_FOUND  it does not exist, or the actor may not know of it
 */
export const revokeApiKey = writeUseCase({
  name: 'revokeApiKey',
  requires: 'api_key.revoke',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { apiKeyId: string }) => apiKeyObject(context, input),
  locks: 'update',
  async run(context, { apiKeyId }, { key }): Promise<ApiKeyRow> {
    if (!(await revokeApiKeyRow(context.tx, context.organizationId, apiKeyId, 'REVOKED'))) return key
    context.audit(apiKeyAudit('api_key.revoked', key, [{ field: 'status', before: key.status, after: 'REVOKED' }]))
    return (await findApiKey(context.tx, context.organizationId, apiKeyId))!
  },
})
