import type { Statement, Transaction } from '../../platform/database'
import { API_KEY_ROW, type ApiKeyRow } from './api-key.store'

/** The key with this token hash, ended ones too; null when there is none. */
export async function findKeyByHash(
  tx: Transaction,
  organizationId: string,
  tokenHash: Buffer,
): Promise<ApiKeyRow | null> {
  const [row] = await tx.query<ApiKeyRow>(FIND_BY_HASH, [organizationId, tokenHash])
  return row ?? null
}

/** The address of the person who looks after a key: its owner, or else whoever made it; none when they have left. */
export async function findKeeperAddresses(tx: Transaction, organizationId: string, keyId: string): Promise<string[]> {
  return (await tx.query<{ email: string }>(FIND_KEEPER, [organizationId, keyId])).map(({ email }) => email)
}

const FIND_BY_HASH: Statement = { name: 'find-api-key-by-hash', text: `${API_KEY_ROW} AND k.token_hash = $2` }
const FIND_KEEPER: Statement = {
  name: 'find-keeper-of-api-key',
  text: `
SELECT m.email FROM api_keys k
JOIN members m ON m.organization_id = k.organization_id AND m.status = 'JOINED'
  AND CASE WHEN k.member_id IS NULL THEN m.user_id = k.created_by_id ELSE m.id = k.member_id END
WHERE k.organization_id = $1 AND k.id = $2`,
}
