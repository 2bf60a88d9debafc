import { smallestIdAt } from '../../kernel/ids'
import { COUNT_CAP } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'

/** How many requests of each directory were answered with 400 or more within the last 24 hours; at most 10,000. */
export async function countRecentErrors(
  tx: Transaction,
  organizationId: string,
  directoryIds: readonly string[],
): Promise<Map<string, number>> {
  const values = [organizationId, directoryIds, smallestIdAt(Date.now() - DAY), COUNT_CAP]
  const rows = await tx.query<{ id: string; n: number }>(COUNT_RECENT_ERRORS, values)
  return new Map(rows.map(({ id, n }) => [id, n]))
}

const DAY = 86_400_000
const COUNT_RECENT_ERRORS: Statement = {
  name: 'count-recent-scim-errors',
  text: `
SELECT directory.id, (
  SELECT count(*)::int FROM (
    SELECT FROM scim_requests q
    WHERE q.organization_id = $1 AND q.directory_id = directory.id AND q.status >= 400 AND q.id >= $3 LIMIT $4
  ) AS recent
) AS n
FROM unnest($2::uuid[]) AS directory(id)`,
}
