import { Operation, type Spine, systemCaller, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findAdminAddresses } from '../members'
import type { ApiKeyRow } from './api-key.store'
import { apiKeyAudit } from './api-key-audit'
import { type ExpiringKey, findExpiringKeys, findKeyMakerAddresses, markKeyWarned } from './key-expiry.store'
import { findKeeperAddresses } from './leaked-key.store'

const BATCH = 100
const MOST_BATCHES = 50

/**
 * Tells those who look after a key that it ends: once at 7 days and once at 1 day before, of keys that live more than
 * twice as long. Of a personal key that is its member, of others whoever made it and whoever may make keys in the
 * project; the Admins where all of them have left.
 */
export const warnOfKey = writeUseCase({
  name: 'warnOfKey',
  requires: 'operator',
  organization: (input: ExpiringKey) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, apiKeyId }): Promise<void> {
    // Under the lock: another process may have warned, or somebody have rotated it, since the list was read.
    const key = await markKeyWarned(context.tx, organizationId, apiKeyId)
    if (!key) return
    const expiresAt = key.expiresAt!.toISOString()
    context.audit(apiKeyAudit('api_key.expiring', key, [{ field: 'expiresAt', before: null, after: expiresAt }]))
    const { name: keyName, preview, ownerName, lastUsedAt } = key
    const payload = {
      apiKeyId,
      organizationName: context.locked!.name,
      keyName,
      preview,
      ownerName,
      expiresAt,
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    }
    for (const destination of await addressesFor(context, key))
      context.send({ kind: 'mail.api-key-expiring', destination, payload })
  },
})

async function addressesFor({ tx, organizationId }: WriteContext, key: ApiKeyRow): Promise<Set<string>> {
  const keepers = await findKeeperAddresses(tx, organizationId, key.id)
  const makers = key.ownerKind === 'MEMBER' ? [] : await findKeyMakerAddresses(tx, organizationId, key.projectId!)
  const addresses = new Set([...keepers, ...makers])
  return addresses.size > 0 ? addresses : new Set(await findAdminAddresses(tx, organizationId))
}

/** Warns of keys that end soon, at most 5,000 in one run. @returns  how many were due */
export async function watchKeys(spine: Spine): Promise<number> {
  let count = 0
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const due = await spine.database.write({ kind: 'installation' }, (tx) => findExpiringKeys(tx, BATCH))
    for (const key of due)
      await new Operation(spine, systemCaller('key watch')).execute(warnOfKey, key).catch(ignoreGone)
    count += due.length
    if (due.length < BATCH) break
  }
  return count
}

/** The organization is gone, or waits for its deletion, since the list was read. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error
}
