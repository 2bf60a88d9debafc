import type { Statement, Transaction } from '../../platform/database'

/** What ended together with memberships. */
export interface EndingReceipt {
  /** Sessions that were alive until now. */
  sessionsRevoked: number
  projectGrantsRemoved: number
  /** Places in teams. */
  teamMembershipsRemoved: number
  invitationsClosed: number
}

/** Nothing ended. */
export const NOTHING_ENDED: EndingReceipt = {
  sessionsRevoked: 0,
  projectGrantsRemoved: 0,
  teamMembershipsRemoved: 0,
  invitationsClosed: 0,
}

/** The members whose access ends, and the accounts behind those that have one. */
export interface EndingMembers {
  memberIds: readonly string[]
  userIds: readonly string[]
}

/** Removes members with everything that gave them access. What they made is not touched. */
export async function removeMemberRows(
  tx: Transaction,
  organizationId: string,
  { memberIds, userIds }: EndingMembers,
): Promise<EndingReceipt> {
  const [receipt] = await tx.query<EndingReceipt>(REMOVE_MEMBERS, [organizationId, memberIds, userIds])
  return receipt!
}

/** Suspends members: their sessions end; role, teams and grants wait for their return. */
export async function suspendMemberRows(
  tx: Transaction,
  organizationId: string,
  { memberIds, userIds }: EndingMembers,
  reason: string | null,
): Promise<EndingReceipt> {
  const [receipt] = await tx.query<EndingReceipt>(SUSPEND_MEMBERS, [organizationId, memberIds, userIds, reason])
  return receipt!
}

// The epoch is counted up besides revoking: a session that is being opened right now carries the old one.
const END_SESSIONS = `
sessions AS (
  UPDATE organization_sessions SET revoked_at = now()
  WHERE organization_id = $1 AND member_id = ANY($2::uuid[]) AND revoked_at IS NULL
  RETURNING expires_at > now() AS alive
)`

const REMOVE_MEMBERS: Statement = {
  name: 'remove-members',
  text: `
WITH removed AS (
  UPDATE members
  SET status = 'REMOVED', removed_at = now(), suspended_at = NULL, suspension_reason = NULL,
      epoch = epoch + 1, version = version + 1, updated_at = now()
  WHERE organization_id = $1 AND id = ANY($2::uuid[])
), ${END_SESSIONS}, grants AS (
  DELETE FROM project_grants WHERE organization_id = $1 AND member_id = ANY($2::uuid[]) RETURNING 1
), left_teams AS (
  DELETE FROM team_members WHERE organization_id = $1 AND member_id = ANY($2::uuid[]) RETURNING team_id
), counted_off AS (
  UPDATE teams t SET member_count = member_count - fewer.people
  FROM (SELECT team_id, count(*) AS people FROM left_teams GROUP BY team_id) AS fewer
  WHERE t.organization_id = $1 AND t.id = fewer.team_id
), memberships AS (
  DELETE FROM user_memberships WHERE organization_id = $1 AND user_id = ANY($3::uuid[])
), closed AS (
  UPDATE invitations SET status = 'REVOKED', organization_mode = NULL, token_hash = NULL, decided_at = now()
  WHERE organization_id = $1 AND member_id = ANY($2::uuid[]) AND status = 'PENDING'
  RETURNING email
), addresses AS (
  DELETE FROM invitation_addresses WHERE organization_id = $1 AND email IN (SELECT email FROM closed)
)
SELECT (SELECT count(*)::int FROM sessions WHERE alive) AS "sessionsRevoked",
       (SELECT count(*)::int FROM grants) AS "projectGrantsRemoved",
       (SELECT count(*)::int FROM left_teams) AS "teamMembershipsRemoved",
       (SELECT count(*)::int FROM closed) AS "invitationsClosed"`,
}

const SUSPEND_MEMBERS: Statement = {
  name: 'suspend-members',
  text: `
WITH suspended AS (
  UPDATE members
  SET status = 'SUSPENDED', suspended_at = now(), suspension_reason = $4,
      epoch = epoch + 1, version = version + 1, updated_at = now()
  WHERE organization_id = $1 AND id = ANY($2::uuid[])
), ${END_SESSIONS}, memberships AS (
  UPDATE user_memberships SET status = 'SUSPENDED' WHERE organization_id = $1 AND user_id = ANY($3::uuid[])
)
SELECT (SELECT count(*)::int FROM sessions WHERE alive) AS "sessionsRevoked",
       0 AS "projectGrantsRemoved", 0 AS "teamMembershipsRemoved", 0 AS "invitationsClosed"`,
}
