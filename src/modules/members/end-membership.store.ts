import type { Statement, Transaction } from '../../platform/database'

/** What ended together with memberships. */
export interface EndingReceipt {
  /** Sessions that were alive until now. */
  sessionsRevoked: number
  /** Refresh tokens of applications that were alive until now. */
  refreshTokensRevoked: number
  projectGrantsRemoved: number
  /** Places in teams. */
  teamMembershipsRemoved: number
  invitationsClosed: number
  /** Personal keys that were alive until now. */
  apiKeysRevoked: number
  /** At most 100 of them, oldest first. */
  revokedApiKeys: readonly NamedKey[]
  /** Live keys of projects and service accounts that these people made: they live on. */
  apiKeysKept: number
  /** At most 100 of them, oldest first. */
  keptApiKeys: readonly NamedKey[]
  /** People whom no sign-in makes members again until that is lifted. */
  peopleBlocked: number
}

/** A key in a receipt. */
export interface NamedKey {
  id: string
  name: string
}

/** A receipt, and how many personal keys each member had, without those that had none. */
export type EndedMembers = Omit<EndingReceipt, 'peopleBlocked'> & { keysByMember: Readonly<Record<string, number>> }

/** Nothing ended. */
export const NOTHING_ENDED: EndingReceipt = {
  sessionsRevoked: 0,
  refreshTokensRevoked: 0,
  projectGrantsRemoved: 0,
  teamMembershipsRemoved: 0,
  invitationsClosed: 0,
  apiKeysRevoked: 0,
  revokedApiKeys: [],
  apiKeysKept: 0,
  keptApiKeys: [],
  peopleBlocked: 0,
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
): Promise<EndedMembers> {
  const [receipt] = await tx.query<EndedMembers>(REMOVE_MEMBERS, [organizationId, memberIds, userIds])
  return receipt!
}

/** Suspends members: their sessions and personal keys end; role, teams and grants wait for their return. */
export async function suspendMemberRows(
  tx: Transaction,
  organizationId: string,
  { memberIds, userIds }: EndingMembers,
  reason: string | null,
): Promise<EndedMembers> {
  const [receipt] = await tx.query<EndedMembers>(SUSPEND_MEMBERS, [organizationId, memberIds, userIds, reason])
  return receipt!
}

// The epoch is counted up besides revoking: a session that is being opened right now carries the old one.
const END_SECRETS = `
sessions AS (
  UPDATE organization_sessions SET revoked_at = now()
  WHERE organization_id = $1 AND member_id = ANY($2::uuid[]) AND revoked_at IS NULL
  RETURNING id, expires_at > now() AS alive
), refreshes AS (
  UPDATE refresh_tokens t SET revoked_at = now() FROM sessions
  WHERE t.organization_id = $1 AND t.session_id = sessions.id AND t.revoked_at IS NULL
  RETURNING t.used_at IS NULL AND t.expires_at > now() AS alive
), keys AS (
  UPDATE api_keys SET revoked_at = now(), revocation_reason = 'MEMBER_ENDED'
  WHERE organization_id = $1 AND member_id = ANY($2::uuid[]) AND revoked_at IS NULL
  RETURNING id, name, member_id, expires_at IS NULL OR expires_at > now() AS alive
), kept AS (
  SELECT id, name FROM api_keys
  WHERE organization_id = $1 AND created_by_id = ANY($3::uuid[]) AND owner_kind <> 'MEMBER' AND revoked_at IS NULL
    AND (expires_at IS NULL OR expires_at > now())
)`
const namesOf = (keys: string): string => `coalesce((
    SELECT json_agg(json_build_object('id', id, 'name', name)) FROM (SELECT id, name FROM ${keys} ORDER BY id LIMIT 100) AS first
  ), '[]')`
const ENDED_SECRETS = `
  (SELECT count(*)::int FROM sessions WHERE alive) AS "sessionsRevoked",
  (SELECT count(*)::int FROM refreshes WHERE alive) AS "refreshTokensRevoked",
  (SELECT count(*)::int FROM keys WHERE alive) AS "apiKeysRevoked",
  ${namesOf('keys WHERE alive')} AS "revokedApiKeys",
  coalesce((
    SELECT json_object_agg(member_id, n) FROM (SELECT member_id, count(*) AS n FROM keys WHERE alive GROUP BY member_id) AS each
  ), '{}') AS "keysByMember",
  (SELECT count(*)::int FROM kept) AS "apiKeysKept",
  ${namesOf('kept')} AS "keptApiKeys"`

const REMOVE_MEMBERS: Statement = {
  name: 'remove-members',
  text: `
WITH removed AS (
  UPDATE members
  SET status = 'REMOVED', removed_at = now(), suspended_at = NULL, suspension_reason = NULL,
      epoch = epoch + 1, version = version + 1, updated_at = now()
  WHERE organization_id = $1 AND id = ANY($2::uuid[])
), ${END_SECRETS}, grants AS (
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
SELECT ${ENDED_SECRETS},
       (SELECT count(*)::int FROM grants) AS "projectGrantsRemoved",
       (SELECT count(*)::int FROM left_teams) AS "teamMembershipsRemoved",
       (SELECT count(*)::int FROM closed) AS "invitationsClosed"`,
}

/** The part of a statement that suspends members, for the reason in $4. @param members  of `id = …`, after $1 the organization */
export const suspended = (members: string): string => `suspended AS (
  UPDATE members
  SET status = 'SUSPENDED', suspended_at = now(), suspension_reason = $4,
      epoch = epoch + 1, version = version + 1, updated_at = now()
  WHERE organization_id = $1 AND id = ${members}
)`

const SUSPEND_MEMBERS: Statement = {
  name: 'suspend-members',
  text: `
WITH ${suspended('ANY($2::uuid[])')}, ${END_SECRETS}, memberships AS (
  UPDATE user_memberships SET status = 'SUSPENDED' WHERE organization_id = $1 AND user_id = ANY($3::uuid[])
)
SELECT ${ENDED_SECRETS},
       0 AS "projectGrantsRemoved", 0 AS "teamMembershipsRemoved", 0 AS "invitationsClosed"`,
}
