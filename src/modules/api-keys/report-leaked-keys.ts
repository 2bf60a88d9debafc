import { anonymousCaller, Operation, type RequestFacts, readUseCase, type Spine, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { singleLine } from '../../kernel/single-line'
import { readToken } from '../../platform/crypto'
import { redactText } from '../../platform/redaction'
import { findAdminAddresses } from '../members'
import { apiKeyAudit } from './api-key-audit'
import { revokeApiKeyRow } from './api-key-change.store'
import { findKeeperAddresses, findKeyByHash } from './leaked-key.store'

/** A token that somebody found where it should not be. */
export interface FoundToken {
  token: string
  /** Where, e.g. the address of a page or commit; nobody has proven it. */
  url: string | null
  /** In what, e.g. `commit`. */
  source: string | null
}

const PLACE_LENGTH = 2_000

/**
 * Whether a token is a key that has not ended, or one that ended by such a report. Of all others nothing is said, also
 * whether they ever were keys: whoever holds one learns nothing that a try would not tell.
 */
export const findLeakedKey = readUseCase({
  name: 'findLeakedKey',
  requires: 'anyone',
  organization: (input: { organizationId: string; tokenHash: Buffer }) => input.organizationId,
  async run({ tx }, { organizationId, tokenHash }): Promise<'LIVE' | 'REPORTED' | null> {
    const key = await findKeyByHash(tx, organizationId, tokenHash)
    if (key?.status === 'ACTIVE') return 'LIVE'
    return key?.revocationReason === 'LEAKED' ? 'REPORTED' : null
  },
})

/**
 * Revokes a live key for whoever can show it, and tells its keeper and the Admins. To hold a key is enough: it is worth
 * nothing any more once somebody unknown holds it.
 */
export const revokeLeakedKey = writeUseCase({
  name: 'revokeLeakedKey',
  requires: 'anyone',
  organization: (input: { organizationId: string; tokenHash: Buffer; found: FoundToken }) => input.organizationId,
  locks: 'update',
  // A deletion can be cancelled, and the key would work again.
  whilePendingDeletion: true,
  async run(context, { organizationId, tokenHash, found }): Promise<void> {
    const { tx, locked } = context
    const key = await findKeyByHash(tx, organizationId, tokenHash)
    if (key?.status !== 'ACTIVE' || !(await revokeApiKeyRow(tx, organizationId, key.id, 'LEAKED'))) return
    const changes = [
      { field: 'status', before: 'ACTIVE', after: 'REVOKED' },
      { field: 'foundAt', before: null, after: placeOf(found.url) },
      { field: 'foundIn', before: null, after: placeOf(found.source) },
    ]
    context.audit(apiKeyAudit('api_key.leaked', key, changes))
    const { name: keyName, preview, ownerName } = key
    const payload = { organizationName: locked!.name, keyName, preview, ownerName }
    const keepers = await findKeeperAddresses(tx, organizationId, key.id)
    const admins = await findAdminAddresses(tx, organizationId)
    for (const destination of new Set([...keepers, ...admins]))
      context.send({ kind: 'mail.api-key-leaked', destination, payload })
  },
})

/**
 * Revokes those of these tokens that are live keys.
 * @returns  for each, whether it was a live key when it was first reported
 */
export async function reportLeakedKeys(
  spine: Spine,
  request: RequestFacts,
  tokens: readonly FoundToken[],
): Promise<boolean[]> {
  const known = new Map<string, boolean>()
  for (const found of tokens)
    if (!known.has(found.token)) known.set(found.token, await reportOne(spine, request, found))
  return tokens.map(({ token }) => known.get(token)!)
}

async function reportOne(spine: Spine, request: RequestFacts, found: FoundToken): Promise<boolean> {
  const read = readToken('apiKey', found.token)
  if (!read?.organizationId) return false
  const { organizationId, hash: tokenHash } = read
  const operation = new Operation(spine, anonymousCaller(request))
  try {
    // Without a lock first: anybody can make up tokens that look right, and must not hold up an organization with them.
    const state = await operation.execute(findLeakedKey, { organizationId, tokenHash })
    if (state === 'LIVE') await operation.execute(revokeLeakedKey, { organizationId, tokenHash, found })
    return state !== null
  } catch (error) {
    // The organization was purged meanwhile.
    if (error instanceof AppError && error.code === 'NOT_FOUND') return false
    throw error
  } finally {
    await operation.close()
  }
}

/** What somebody says of a place, without the token that may stand in it. */
function placeOf(text: string | null): string | null {
  return text && singleLine(redactText(text)).slice(0, PLACE_LENGTH)
}
