import type { Statement, Transaction } from '../../platform/database'
import { SUSPENDED_BY_SWITCH } from '../members'
import type { MembershipMode } from '../organizations'
import type { SwitchedRow } from './mode-switch.store'
import { HAS_ACCOUNT, IS_ADMIN } from './switch-facts.store'

/*
 * The statements of a switch. Each works on all of an organization at once, so that a million members are a few statements.
 * Invitations, connections and directories carry the mode as a foreign key: what is missed here fails the switch.
 */

/**
 * For the rest of the transaction, what belongs together is found by hashing. The statistics know nothing of what a switch
 * has just changed for 100,000 members: for the two rows they expect, one loop inside another looks cheap, and never ends.
 */
export async function workOnEverybody(tx: Transaction): Promise<void> {
  await tx.execute(NO_NESTED_LOOPS)
}

/** Writes the mode, on both sides. */
export async function writeMode(tx: Transaction, organizationId: string, mode: MembershipMode): Promise<void> {
  await tx.execute(WRITE_MODE, [organizationId, mode])
}

/**
 * Revokes all pending invitations, with their members and what was prepared for them, which is remembered. The links are
 * kept: they say why they do not work any more, and do again after a revert.
 * @returns how many people were invited
 */
export async function revokeAllInvitations(tx: Transaction, organizationId: string, switchId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(REVOKE_ALL_INVITATIONS, [organizationId, switchId])
  return row!.n
}

/** Declines all join requests, on both sides. @returns how many waited */
export async function declineAllJoinRequests(tx: Transaction, organizationId: string): Promise<number> {
  return tx.execute(DECLINE_ALL_REQUESTS, [organizationId])
}

/**
 * Ends the sessions that were opened the old way, with their refresh tokens.
 * @param way  ACCOUNT those from the account side, SSO those that began with a connection
 * @param keptMemberIds  members whose sessions go on
 * @returns how many were alive until now
 */
export async function endSessionsOpenedBy(
  tx: Transaction,
  organizationId: string,
  way: 'ACCOUNT' | 'SSO',
  keptMemberIds: readonly string[] = [],
): Promise<number> {
  const [row] = await tx.query<{ n: number }>(END_SESSIONS, [organizationId, way === 'SSO', keptMemberIds])
  return row!.n
}

/** Stops active connections and working directories. @returns them as they were */
export async function stopProviders(tx: Transaction, organizationId: string): Promise<SwitchedRow[]> {
  const providers = await tx.query<SwitchedRow>(STOP_PROVIDERS, [organizationId])
  return [...providers, ...(await tx.query<SwitchedRow>(STOP_DIRECTORIES, [organizationId]))]
}

/** Starts directories again, as they were. */
export async function restartDirectories(
  tx: Transaction,
  organizationId: string,
  directories: readonly SwitchedRow[],
): Promise<void> {
  await tx.execute(RESTART_DIRECTORIES, [organizationId, JSON.stringify(directories)])
}

/** How the counters change. */
export interface MovedMembers {
  members: number
  admins: number
}

/** Suspends joined members who can sign in through the company only, and remembers them. */
export async function suspendWithoutAccount(
  tx: Transaction,
  organizationId: string,
  switchId: string,
): Promise<MovedMembers> {
  const values = [organizationId, switchId, SUSPENDED_BY_SWITCH]
  const [row] = await tx.query<MovedMembers>(SUSPEND_WITHOUT_ACCOUNT, values)
  return row!
}

/** Lets in again whom the switch suspended, unless somebody has decided about them since. */
export async function restoreSuspended(
  tx: Transaction,
  organizationId: string,
  switchId: string,
): Promise<MovedMembers> {
  const [row] = await tx.query<MovedMembers>(RESTORE_SUSPENDED, [organizationId, switchId, SUSPENDED_BY_SWITCH])
  return row!
}

/**
 * Makes invitations that the switch revoked pending again, with role, grants and teams as prepared, as far as those
 * still exist; whoever has a new place meanwhile keeps that.
 * @returns how many
 */
export async function restoreInvitations(tx: Transaction, organizationId: string, switchId: string): Promise<number> {
  const restored = await tx.query<{ id: string }>(RESTORE_INVITED, [organizationId, switchId])
  const ids = restored.map(({ id }) => id)
  for (const statement of [RESTORE_LETTERS, RESTORE_GRANTS, RESTORE_TEAMS])
    await tx.execute(statement, [organizationId, switchId, ids])
  return ids.length
}

/** Writes to every member who has to link a sign-in; whoever has lost a mailbox holds up nobody. */
export async function writeToUnlinked(
  tx: Transaction,
  organizationId: string,
  mail: { kind: string; payload: object; exceptMemberIds: readonly string[] },
): Promise<number> {
  return tx.execute(WRITE_TO_UNLINKED, [organizationId, mail.kind, mail.payload, mail.exceptMemberIds])
}

const NO_NESTED_LOOPS: Statement = { name: 'switch-without-nested-loops', text: 'SET LOCAL enable_nestloop TO off' }

const WRITE_MODE: Statement = {
  name: 'write-membership-mode',
  text: `
WITH card AS (
  UPDATE organization_cards SET membership_mode = $2 WHERE organization_id = $1
)
UPDATE organizations SET membership_mode = $2, version = version + 1, updated_at = now() WHERE organization_id = $1`,
}

const REVOKE_ALL_INVITATIONS: Statement = {
  name: 'revoke-all-invitations',
  text: `
WITH closed AS (
  UPDATE invitations SET status = 'REVOKED', organization_mode = NULL, decided_at = now()
  WHERE organization_id = $1 AND status = 'PENDING' RETURNING id, member_id
), addresses AS (
  DELETE FROM invitation_addresses WHERE organization_id = $1
), grants AS (
  DELETE FROM project_grants g USING closed WHERE g.organization_id = $1 AND g.member_id = closed.member_id
  RETURNING g.member_id, g.project_id, g.role_id, g.expires_at, g.granted_by_id, g.granted_by_name
), left_teams AS (
  DELETE FROM team_members t USING closed WHERE t.organization_id = $1 AND t.member_id = closed.member_id
  RETURNING t.member_id, t.team_id, t.role
), counted_off AS (
  UPDATE teams t SET member_count = member_count - fewer.people
  FROM (SELECT team_id, count(*) AS people FROM left_teams GROUP BY team_id) AS fewer
  WHERE t.organization_id = $1 AND t.id = fewer.team_id
), removed AS (
  UPDATE members m SET status = 'REMOVED', removed_at = now(), epoch = epoch + 1, version = version + 1, updated_at = now()
  FROM closed WHERE m.organization_id = $1 AND m.id = closed.member_id AND m.status = 'INVITED'
  RETURNING m.id, m.role_id, closed.id AS invitation_id
), remembered AS (
  INSERT INTO membership_mode_switch_members (organization_id, switch_id, member_id, outcome, status_before, role_id_before, prepared)
  SELECT $1, $2, r.id, 'INVITATION_REVOKED', 'INVITED', r.role_id, jsonb_build_object(
    'invitationId', r.invitation_id,
    'grants', coalesce((SELECT jsonb_agg(to_jsonb(g) - 'member_id') FROM grants g WHERE g.member_id = r.id), '[]'),
    'teams', coalesce((SELECT jsonb_agg(to_jsonb(t) - 'member_id') FROM left_teams t WHERE t.member_id = r.id), '[]'))
  FROM removed r
)
SELECT count(*)::int AS n FROM removed`,
}

const DECLINE_ALL_REQUESTS: Statement = {
  name: 'decline-all-join-requests',
  text: `
WITH mirrored AS (
  UPDATE user_join_requests SET status = 'DECLINED', decided_at = now() WHERE organization_id = $1 AND status = 'PENDING'
)
UPDATE join_requests SET status = 'DECLINED', decided_at = now(), decided_by_name = 'The switch to SSO'
WHERE organization_id = $1 AND status = 'PENDING'`,
}

const END_SESSIONS: Statement = {
  name: 'end-sessions-opened-the-old-way',
  text: `
WITH ended AS (
  UPDATE organization_sessions SET revoked_at = now()
  WHERE organization_id = $1 AND revoked_at IS NULL AND (sso_provider_id IS NOT NULL) = $2::boolean
    AND member_id <> ALL ($3::uuid[])
  RETURNING id, expires_at > now() AS alive
), refreshes AS (
  UPDATE refresh_tokens t SET revoked_at = now() FROM ended
  WHERE t.organization_id = $1 AND t.session_id = ended.id AND t.revoked_at IS NULL
)
SELECT (count(*) FILTER (WHERE alive))::int AS n FROM ended`,
}

const STOP_PROVIDERS: Statement = {
  name: 'stop-sso-providers',
  text: `
UPDATE sso_providers SET status = 'DISABLED', organization_mode = NULL, pending_settings = NULL, pending_sealed_secret = NULL,
  version = version + 1, updated_at = now()
WHERE organization_id = $1 AND status = 'ACTIVE'
RETURNING 'SSO_PROVIDER' AS kind, id, name, 'ACTIVE' AS "statusBefore"`,
}

const STOP_DIRECTORIES: Statement = {
  name: 'stop-directories',
  text: `
UPDATE directories d SET status = 'PAUSED', organization_mode = NULL, version = d.version + 1, updated_at = now()
FROM directories b
WHERE d.organization_id = $1 AND d.organization_mode IS NOT NULL AND b.organization_id = $1 AND b.id = d.id
RETURNING 'DIRECTORY' AS kind, d.id, d.name, b.status AS "statusBefore"`,
}

const RESTART_DIRECTORIES: Statement = {
  name: 'restart-directories',
  text: `
UPDATE directories d SET status = b."statusBefore", organization_mode = CASE WHEN d.is_dry_run THEN NULL ELSE 'SSO' END,
  version = d.version + 1, updated_at = now()
FROM jsonb_to_recordset($2::jsonb) AS b(id uuid, "statusBefore" text)
WHERE d.organization_id = $1 AND d.id = b.id AND d.status = 'PAUSED'`,
}

const SUSPEND_WITHOUT_ACCOUNT: Statement = {
  name: 'suspend-members-without-account',
  text: `
WITH suspended AS (
  UPDATE members m
  SET status = 'SUSPENDED', suspended_at = now(), suspension_reason = $3, epoch = m.epoch + 1, version = m.version + 1,
      updated_at = now()
  FROM roles r
  WHERE m.organization_id = $1 AND m.status = 'JOINED' AND r.organization_id = $1 AND r.id = m.role_id AND NOT ${HAS_ACCOUNT}
  RETURNING m.id, m.user_id, m.role_id, ${IS_ADMIN} AS is_admin
), remembered AS (
  INSERT INTO membership_mode_switch_members (organization_id, switch_id, member_id, outcome, status_before, role_id_before)
  SELECT $1, $2, id, 'LOSES_ACCESS', 'JOINED', role_id FROM suspended
), keys AS (
  UPDATE api_keys k SET revoked_at = now(), revocation_reason = 'MEMBER_ENDED' FROM suspended
  WHERE k.organization_id = $1 AND k.member_id = suspended.id AND k.revoked_at IS NULL
), account_side AS (
  UPDATE user_memberships u SET status = 'SUSPENDED' FROM suspended
  WHERE u.organization_id = $1 AND u.user_id = suspended.user_id
)
SELECT count(*)::int AS members, (count(*) FILTER (WHERE is_admin))::int AS admins FROM suspended`,
}

const RESTORE_SUSPENDED: Statement = {
  name: 'restore-suspended-members',
  text: `
WITH restored AS (
  UPDATE members m SET status = 'JOINED', suspended_at = NULL, suspension_reason = NULL, version = m.version + 1, updated_at = now()
  FROM membership_mode_switch_members s, roles r
  WHERE s.organization_id = $1 AND s.switch_id = $2 AND s.status_before = 'JOINED' AND m.organization_id = $1
    AND m.id = s.member_id AND m.status = 'SUSPENDED' AND m.suspension_reason = $3
    AND r.organization_id = $1 AND r.id = m.role_id
  RETURNING m.user_id, ${IS_ADMIN} AS is_admin
), account_side AS (
  UPDATE user_memberships u SET status = 'JOINED' FROM restored WHERE u.organization_id = $1 AND u.user_id = restored.user_id
)
SELECT count(*)::int AS members, (count(*) FILTER (WHERE is_admin))::int AS admins FROM restored`,
}

const RESTORE_INVITED: Statement = {
  name: 'restore-invited-members',
  text: `
UPDATE members m SET status = 'INVITED', removed_at = NULL, version = m.version + 1, updated_at = now()
FROM membership_mode_switch_members s
WHERE s.organization_id = $1 AND s.switch_id = $2 AND s.outcome = 'INVITATION_REVOKED' AND m.organization_id = $1
  AND m.id = s.member_id AND m.status = 'REMOVED'
  AND NOT EXISTS (SELECT FROM members o WHERE o.organization_id = $1 AND o.email = m.email AND o.status <> 'REMOVED')
RETURNING m.id`,
}

const PREPARED = `
FROM membership_mode_switch_members s
WHERE s.organization_id = $1 AND s.switch_id = $2 AND s.member_id = ANY ($3::uuid[])`

const RESTORE_LETTERS: Statement = {
  name: 'restore-invitations',
  text: `
WITH prepared AS (
  SELECT (s.prepared ->> 'invitationId')::uuid AS invitation_id ${PREPARED}
), pending AS (
  UPDATE invitations i SET status = 'PENDING', organization_mode = 'INVITATION', decided_at = NULL FROM prepared
  WHERE i.organization_id = $1 AND i.id = prepared.invitation_id
  RETURNING i.id, i.member_id, i.email, i.invited_by_name, i.expires_at
)
INSERT INTO invitation_addresses (email, organization_id, invitation_id, invited_by_name, role_name, expires_at)
SELECT p.email, $1, p.id, p.invited_by_name, r.name, p.expires_at
FROM pending p JOIN members m ON m.organization_id = $1 AND m.id = p.member_id
JOIN roles r ON r.organization_id = $1 AND r.id = m.role_id
ON CONFLICT DO NOTHING`,
}

const RESTORE_GRANTS: Statement = {
  name: 'restore-prepared-grants',
  text: `
WITH prepared AS (
  SELECT s.member_id, s.prepared ${PREPARED}
)
INSERT INTO project_grants (organization_id, id, project_id, member_id, role_id, expires_at, granted_by_id, granted_by_name)
SELECT $1, gen_random_uuid(), g.project_id, p.member_id, g.role_id, g.expires_at, g.granted_by_id, g.granted_by_name
FROM prepared p
CROSS JOIN jsonb_to_recordset(p.prepared -> 'grants')
  AS g(project_id uuid, role_id uuid, expires_at timestamptz, granted_by_id uuid, granted_by_name text)
JOIN projects j ON j.organization_id = $1 AND j.id = g.project_id
JOIN roles r ON r.organization_id = $1 AND r.id = g.role_id
WHERE g.expires_at IS NULL OR g.expires_at > now()
ON CONFLICT DO NOTHING`,
}

const RESTORE_TEAMS: Statement = {
  name: 'restore-prepared-teams',
  text: `
WITH prepared AS (
  SELECT s.member_id, s.prepared ${PREPARED}
), back AS (
  INSERT INTO team_members (organization_id, team_id, member_id, role)
  SELECT $1, t.team_id, p.member_id, t.role
  FROM prepared p CROSS JOIN jsonb_to_recordset(p.prepared -> 'teams') AS t(team_id uuid, role text)
  JOIN teams x ON x.organization_id = $1 AND x.id = t.team_id
  ON CONFLICT DO NOTHING
  RETURNING team_id
)
UPDATE teams t SET member_count = member_count + more.people
FROM (SELECT team_id, count(*) AS people FROM back GROUP BY team_id) AS more
WHERE t.organization_id = $1 AND t.id = more.team_id`,
}

const WRITE_TO_UNLINKED: Statement = {
  name: 'write-to-unlinked-members',
  text: `
INSERT INTO outbox_messages (organization_id, id, kind, destination, payload)
SELECT $1, gen_random_uuid(), $2, m.email, $3::jsonb
FROM members m
WHERE m.organization_id = $1 AND m.status = 'JOINED' AND m.id <> ALL ($4::uuid[])
  AND NOT EXISTS (
    SELECT FROM sso_identities i JOIN sso_providers p ON p.organization_id = $1 AND p.id = i.sso_provider_id AND p.status = 'ACTIVE'
    WHERE i.organization_id = $1 AND i.member_id = m.id)`,
}
