import type { Spine } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { createApiKey, listApiKeys, rotateApiKey } from '../../modules/api-keys'
import { act, type Secrets } from './demo-callers'

/** A key of a demonstration organization's Admin, with everything that the Admin may. */
export interface SeededApiKey {
  /** TypeID */
  readonly id: string
  /** Slug. */
  readonly organization: string
  /** `gak_…`; the one of the last time has ended, since nobody is shown a secret twice. */
  readonly key: string
}

const NAME = 'Demonstration'

/** Makes the key, or the successor of the one that was made before. */
export async function makeDemoKey(
  spine: Spine,
  { organizationId, slug, admin }: { organizationId: string; slug: string; admin: Secrets },
): Promise<SeededApiKey> {
  const query = { projectId: null, search: NAME, page: { first: 10 } }
  const { rows } = await act(spine, admin, listApiKeys, query)
  const previous = rows.find(({ name, isRotated }) => name === NAME && !isRotated)
  const draft = { name: NAME, owner: { organizationId }, projectId: null, permissions: null, expiresAt: null }
  const { key, secret } = previous
    ? await act(spine, admin, rotateApiKey, { apiKeyId: previous.id, overlapHours: 0 })
    : await act(spine, admin, createApiKey, draft)
  return { id: toTypeId('ApiKey', key.id), organization: slug, key: secret }
}
