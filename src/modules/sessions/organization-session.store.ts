import { type AccountSession, type OrganizationSession, permissionsOfRole } from '../../access'
import type { Statement, Transaction } from '../../platform/database'
import { listedPermissions } from '../roles'
import { connectionOf } from './connection-of-session'

/**
 * The live session of an organization with this token hash. Null when it ended or expired, when the member is not
 * joined or was changed since (epoch), or when the organization waits for its deletion.
 * @param holds  keeps the member as they are until the transaction ends
 */
export async function findOrganizationSession(
  tx: Transaction,
  organizationId: string,
  tokenHash: Buffer,
  holds: boolean,
): Promise<OrganizationSession | null> {
  const statement = holds ? HOLD_ORGANIZATION_SESSION : FIND_ORGANIZATION_SESSION
  const [row] = await tx.query<OrganizationSessionRow>(statement, [organizationId, tokenHash])
  if (!row) return null
  return {
    kind: 'member',
    sessionId: row.id,
    organizationId,
    userId: row.user_id,
    memberId: row.member_id,
    name: row.name,
    email: row.email,
    roleId: row.role_id,
    roleKey: row.role_key,
    permissions: permissionsOfRole('ORGANIZATION', row.role_key, row.listed),
    isIdle: row.is_idle,
    ssoProviderId: row.sso_provider_id,
  }
}

/** A session that counts no more, for whoever still holds its token. */
export interface EndedSession {
  readonly organizationName: string
  readonly slug: string
  /** What became of its member. */
  readonly memberStatus: 'INVITED' | 'JOINED' | 'SUSPENDED' | 'REMOVED'
}

/** The session with this token hash, if it has ended or expired in an organization that is there. */
export async function findEndedSession(
  tx: Transaction,
  organizationId: string,
  tokenHash: Buffer,
): Promise<EndedSession | null> {
  const [row] = await tx.query<EndedSession>(FIND_ENDED_SESSION, [organizationId, tokenHash])
  return row ?? null
}

/** A live session of a member, as Admins see it. */
export interface MemberSession {
  id: string
  memberId: string
  scope: 'ORGANIZATION'
  provider: string
  /** The connection it began with; null for sessions that were opened from an account. */
  ssoProvider: { id: string; name: string } | null
  /** True for the session that asks. */
  isCurrent: boolean
  ip: string | null
  userAgent: string | null
  createdAt: Date
  lastActiveAt: Date
  expiresAt: Date
}

/** The live sessions of members, latest first, at most 100 of each. */
export async function findSessionsOfMembers(
  tx: Transaction,
  organizationId: string,
  memberIds: readonly string[],
  currentSessionId: string | null,
): Promise<MemberSession[]> {
  return tx.query<MemberSession>(FIND_SESSIONS_OF_MEMBERS, [organizationId, memberIds, currentSessionId])
}

interface OrganizationSessionRow {
  id: string
  user_id: string
  member_id: string
  name: string
  email: string
  role_id: string
  role_key: string
  listed: string[]
  is_idle: boolean
  sso_provider_id: string | null
}

const FIND_ORGANIZATION_SESSION: Statement = {
  name: 'find-organization-session',
  text: `
SELECT s.id, s.user_id, s.member_id, m.name, m.email, m.role_id, r.key AS role_key,
  ${listedPermissions('r')} AS listed,
  s.last_active_at < now() - interval '1 hour' AS is_idle, s.sso_provider_id
FROM organization_sessions s
JOIN members m ON m.organization_id = s.organization_id AND m.id = s.member_id
JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
JOIN organizations o ON o.organization_id = s.organization_id
WHERE s.organization_id = $1 AND s.token_hash = $2
  AND s.revoked_at IS NULL AND s.expires_at > now()
  AND m.status = 'JOINED' AND m.epoch = s.member_epoch AND o.status = 'ACTIVE'`,
}
// Waits for whoever has locked the member, and then looks at status and epoch once more.
const HOLD_ORGANIZATION_SESSION: Statement = {
  name: 'hold-organization-session',
  text: `${FIND_ORGANIZATION_SESSION.text} FOR KEY SHARE OF m`,
}

/**
 * Keeps the member behind a session as they are until the transaction ends.
 * @returns  false when they are not joined, or were changed since it was opened
 */
export async function holdMemberOfSession(
  tx: Transaction,
  organizationId: string,
  sessionId: string,
): Promise<boolean> {
  return (await tx.execute(HOLD_MEMBER_OF_SESSION, [organizationId, sessionId])) > 0
}

const HOLD_MEMBER_OF_SESSION: Statement = {
  name: 'hold-member-of-session',
  text: `
SELECT FROM organization_sessions s JOIN members m ON m.organization_id = s.organization_id AND m.id = s.member_id
WHERE s.organization_id = $1 AND s.id = $2 AND m.status = 'JOINED' AND m.epoch = s.member_epoch FOR KEY SHARE OF m`,
}

const FIND_ENDED_SESSION: Statement = {
  name: 'find-ended-session',
  text: `
SELECT o.name AS "organizationName", o.slug, m.status AS "memberStatus"
FROM organization_sessions s
JOIN members m ON m.organization_id = s.organization_id AND m.id = s.member_id
JOIN organizations o ON o.organization_id = s.organization_id
WHERE s.organization_id = $1 AND s.token_hash = $2 AND o.status = 'ACTIVE'
  AND (s.revoked_at IS NOT NULL OR s.expires_at <= now() OR m.status <> 'JOINED' OR m.epoch <> s.member_epoch)`,
}

/** A session about to be opened. */
export interface OrganizationSessionDraft {
  organizationId: string
  id: string
  tokenHash: Buffer
  memberId: string
  memberEpoch: number
  ip: string | null
  userAgent: string | null
  expiresAt: Date
}

/**
 * Writes a session and marks its member active, while the account and the account session behind it are held.
 * @returns  false when one of them ended, or the member was changed, since they were read
 */
export async function insertOrganizationSession(
  tx: Transaction,
  account: AccountSession,
  session: OrganizationSessionDraft,
): Promise<boolean> {
  const inserted = await tx.execute(INSERT_ORGANIZATION_SESSION, [
    session.organizationId,
    session.id,
    session.tokenHash,
    session.memberId,
    session.memberEpoch,
    account.userId,
    account.sessionId,
    account.provider,
    session.ip,
    session.userAgent,
    session.expiresAt,
  ])
  return inserted === 1
}

// The account before its session, as everything that ends sessions takes them.
const INSERT_ORGANIZATION_SESSION: Statement = {
  name: 'insert-organization-session',
  text: `
WITH alive AS (
  SELECT s.id, s.user_id FROM users u JOIN account_sessions s ON s.user_id = u.id
  WHERE u.id = $6 AND u.disabled_at IS NULL AND s.id = $7 AND s.revoked_at IS NULL
  FOR SHARE
), active AS (
  UPDATE members SET last_active_at = now()
  WHERE organization_id = $1 AND id = $4 AND epoch = $5 AND status = 'JOINED'
  RETURNING id
)
INSERT INTO organization_sessions (organization_id, id, token_hash, member_id, member_epoch, user_id, account_session_id,
                                   provider, ip, user_agent, expires_at)
SELECT $1, $2, $3, active.id, $5, alive.user_id, alive.id, $8, $9, $10, $11 FROM alive, active`,
}

/** A session of somebody who has signed in through the company, about to be opened. */
export interface SsoSessionDraft extends OrganizationSessionDraft {
  userId: string
  ssoProviderId: string
  ssoIdentityId: string
  idpSession: string | null
  authenticatedAt: Date
  /** Sealed for {@link idTokenSealContext}. */
  sealedIdToken: Buffer | null
}

/**
 * Writes a session without an account session behind it and marks its member active, while the user is held.
 * @returns  false when the user was disabled, or the member was changed, since they were read
 */
export async function insertSsoSession(tx: Transaction, session: SsoSessionDraft): Promise<boolean> {
  const inserted = await tx.execute(INSERT_SSO_SESSION, [
    session.organizationId,
    session.id,
    session.tokenHash,
    session.memberId,
    session.memberEpoch,
    session.userId,
    session.ssoProviderId,
    session.ssoIdentityId,
    session.idpSession,
    session.authenticatedAt,
    session.ip,
    session.userAgent,
    session.expiresAt,
    session.sealedIdToken,
  ])
  return inserted === 1
}

/** What an ID token is sealed for. */
export function idTokenSealContext(organizationId: string, sessionId: string): string {
  return `organization_sessions/${organizationId}/${sessionId}/id_token`
}

const INSERT_SSO_SESSION: Statement = {
  name: 'insert-sso-session',
  text: `
WITH alive AS (
  SELECT id FROM users WHERE id = $6 AND disabled_at IS NULL FOR SHARE
), active AS (
  UPDATE members SET last_active_at = now()
  WHERE organization_id = $1 AND id = $4 AND epoch = $5 AND status = 'JOINED'
  RETURNING id
)
INSERT INTO organization_sessions (organization_id, id, token_hash, member_id, member_epoch, user_id, provider,
                                   sso_provider_id, sso_identity_id, idp_session, authenticated_at, ip, user_agent, expires_at, sealed_id_token)
SELECT $1, $2, $3, active.id, $5, alive.id, 'SSO', $7, $8, $9, $10, $11, $12, $13, $14 FROM alive, active`,
}

const FIND_SESSIONS_OF_MEMBERS: Statement = {
  name: 'find-sessions-of-members',
  text: `
SELECT s.id, s.member_id AS "memberId", 'ORGANIZATION' AS scope, s.provider, ${connectionOf('s')} AS "ssoProvider", s.id IS NOT DISTINCT FROM $3::uuid AS "isCurrent",
       s.ip, s.user_agent AS "userAgent", s.created_at AS "createdAt", s.last_active_at AS "lastActiveAt",
       s.expires_at AS "expiresAt"
FROM unnest($2::uuid[]) AS asked(member_id)
JOIN members m ON m.organization_id = $1 AND m.id = asked.member_id
CROSS JOIN LATERAL (
  SELECT * FROM organization_sessions o
  WHERE o.organization_id = $1 AND o.member_id = m.id AND o.member_epoch = m.epoch AND o.revoked_at IS NULL
    AND o.expires_at > now()
  ORDER BY o.created_at DESC, o.id DESC LIMIT 100
) AS s`,
}
