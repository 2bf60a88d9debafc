import { OWN_ORGANIZATION, readUseCase } from '../../access'
import { projectObject } from '../projects'
import { type ApiKeyRow, findApiKey, findKeysOfMembers, findKeysOfServiceAccounts } from './api-key.store'
import { apiKeyObject, rightsToKeysOf } from './api-key-access'

/**
 * One key, ended ones too.
 * @throws NOT_FOUND  it does not exist, or the actor may not know of it
 */
export const getApiKey = readUseCase({
  name: 'getApiKey',
  requires: 'api_key.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { apiKeyId: string }) => apiKeyObject(context, input),
  run: async (_context, _input, { key }): Promise<ApiKeyRow> => key,
})

/** The key that asks; null for every other caller. */
export const getCurrentApiKey = readUseCase({
  name: 'getCurrentApiKey',
  requires: 'anyone',
  organization: () => OWN_ORGANIZATION,
  run: async ({ tx, actor }, _input: Record<string, never>): Promise<ApiKeyRow | null> =>
    actor.kind === 'key' ? findApiKey(tx, actor.organizationId, actor.keyId) : null,
})

/**
 * The live personal keys of members, by member, latest first. One's own keys need no permission.
 * @param input.memberIds  at most 500
 */
export const getMemberApiKeys = readUseCase({
  name: 'getMemberApiKeys',
  requires: 'api_key.read',
  organization: () => OWN_ORGANIZATION,
  async object({ actor, organizationId }, { memberIds }: { memberIds: readonly string[] }) {
    const [memberId, ...others] = new Set(memberIds)
    const areOfOne = memberId !== undefined && others.length === 0
    return { organizationId, permissionsHere: new Set<string>(areOfOne ? rightsToKeysOf(memberId, actor) : []) }
  },
  async run({ tx, organizationId }, { memberIds }) {
    const byMember = new Map<string, ApiKeyRow[]>(memberIds.map((id) => [id, []]))
    for (const key of await findKeysOfMembers(tx, organizationId, memberIds)) byMember.get(key.memberId!)!.push(key)
    return byMember
  },
})

/**
 * The live keys of service accounts of one project, by service account, latest first.
 * @param input.serviceAccountIds  at most 500; those of other projects have none here
 */
export const getServiceAccountApiKeys = readUseCase({
  name: 'getServiceAccountApiKeys',
  requires: 'api_key.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: { projectId: string; serviceAccountIds: readonly string[] }) =>
    projectObject(context, context.organizationId, { id: input.projectId }),
  async run({ tx, organizationId }, { projectId, serviceAccountIds }) {
    const byAccount = new Map<string, ApiKeyRow[]>(serviceAccountIds.map((id) => [id, []]))
    for (const key of await findKeysOfServiceAccounts(tx, organizationId, serviceAccountIds))
      if (key.projectId === projectId) byAccount.get(key.serviceAccountId!)!.push(key)
    return byAccount
  },
})
