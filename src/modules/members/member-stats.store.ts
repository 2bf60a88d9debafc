import type { Statement, Transaction } from '../../platform/database'

/** How many people an organization has. */
export interface MemberStats {
  joined: number
  invited: number
  suspended: number
  /** Joined members with the Admin role. */
  admins: number
}

/** The counters as this transaction sees them; they stand still while the organization row is locked for update. */
export async function findMemberStats(tx: Transaction, organizationId: string): Promise<MemberStats> {
  const [row] = await tx.query<MemberStats>(FIND_MEMBER_STATS, [organizationId])
  return row ?? { joined: 0, invited: 0, suspended: 0, admins: 0 }
}

const FIND_MEMBER_STATS: Statement = {
  name: 'find-member-stats',
  text: `
SELECT c.joined + l.joined AS joined, c.invited, c.suspended + l.suspended AS suspended, c.admins
FROM organization_counters c, (
  SELECT coalesce(sum(joined), 0)::int AS joined, coalesce(sum(suspended), 0)::int AS suspended
  FROM organization_counter_lanes WHERE organization_id = $1
) AS l
WHERE c.organization_id = $1`,
}
