import type { Statement, Transaction } from '../../platform/database'
import type { MemberStatus } from '../members'

/** Somebody whom a connection has brought in before, with the member they are. */
export interface KnownIdentity {
  id: string
  memberId: string
  userId: string
  isUserDisabled: boolean
  givenRoleId: string | null
  givenTeamIds: readonly string[]
  status: MemberStatus
  epoch: number
  name: string
  email: string
  avatarUrl: string | null
  roleId: string
  roleKey: string
  /** The member is kept by a directory. */
  isOfDirectory: boolean
}

/** The identity with this connection and subject, held until the transaction ends; null when nobody came by it yet. */
export async function lockIdentity(
  tx: Transaction,
  organizationId: string,
  providerId: string,
  subject: string,
): Promise<KnownIdentity | null> {
  const [row] = await tx.query<KnownIdentity>(LOCK_IDENTITY, [organizationId, providerId, subject])
  return row ?? null
}

/** Lets first sign-ins by a connection pass one after another: the second of two finds what the first has made. */
export async function holdConnection(tx: Transaction, organizationId: string, providerId: string): Promise<void> {
  await tx.execute(HOLD_CONNECTION, [organizationId, providerId])
}

/** An identity about to be stored. */
export interface NewIdentity {
  id: string
  providerId: string
  subject: string
  subjectFormat: string | null
  memberId: string
  userId: string
  givenRoleId: string | null
}

/** Stores who a subject is; of somebody who was removed and comes in again, who they are now. */
export async function putIdentity(tx: Transaction, organizationId: string, identity: NewIdentity): Promise<void> {
  const { id, providerId, subject, subjectFormat, memberId, userId, givenRoleId } = identity
  const values = [organizationId, id, providerId, subject, subjectFormat, memberId, userId, givenRoleId]
  await tx.execute(PUT_IDENTITY, values)
}

/** What of an identity a sign-in writes anew. */
export interface UsedIdentity {
  id: string
  providerId: string
  email: string | null
  name: string
  /** Sealed for {@link refreshSealContext}; null to keep the one there is. */
  sealedRefresh: Buffer | null
  givenRoleId: string | null
  givenTeamIds: readonly string[]
}

/** Notes that a sign-in by an identity, and so by its connection, has passed. */
export async function markIdentityUsed(tx: Transaction, organizationId: string, used: UsedIdentity): Promise<void> {
  const { id, providerId, email, name, sealedRefresh, givenRoleId, givenTeamIds } = used
  const values = [organizationId, id, email, name || null, sealedRefresh, givenRoleId, givenTeamIds, providerId]
  await tx.execute(MARK_IDENTITY_USED, values)
}

/** Uses a message up. @returns false when it was used before */
export async function useMessage(
  tx: Transaction,
  organizationId: string,
  providerId: string,
  message: { id: string; expiresAt: Date },
): Promise<boolean> {
  return (await tx.execute(USE_MESSAGE, [organizationId, providerId, message.id, message.expiresAt])) === 1
}

/** Gives a message back that was used up for nothing. */
export async function releaseMessage(
  tx: Transaction,
  organizationId: string,
  providerId: string,
  messageId: string,
): Promise<void> {
  await tx.execute(RELEASE_MESSAGE, [organizationId, providerId, messageId])
}

/** True when a removal still keeps the person, or the subject of a connection, from coming in by themselves. */
export async function isKeptOut(
  tx: Transaction,
  organizationId: string,
  who: { providerId: string; subject: string; userId: string | null },
): Promise<boolean> {
  const values = [organizationId, who.providerId, who.subject, who.userId]
  return (await tx.query(FIND_TOMBSTONE, values)).length > 0
}

/** A joined member whom somebody has signed in as, and who links another way to sign in. */
export interface MemberToLink {
  memberId: string
  userId: string
}

/** The member, if it is still joined. */
export async function findMemberById(
  tx: Transaction,
  organizationId: string,
  memberId: string,
): Promise<MemberToLink | null> {
  const [row] = await tx.query<MemberToLink>(FIND_MEMBER, [organizationId, memberId])
  return row ?? null
}

/** An identity of a member, for Admins. */
export interface MemberIdentityRow {
  id: string
  memberId: string
  ssoProvider: { id: string; name: string }
  subject: string
  email: string | null
  linkedAt: Date
  lastUsedAt: Date
}

/** By which connections members have come, oldest first, at most 50 of each. */
export async function findIdentitiesOfMembers(
  tx: Transaction,
  organizationId: string,
  memberIds: readonly string[],
): Promise<MemberIdentityRow[]> {
  return tx.query<MemberIdentityRow>(FIND_IDENTITIES_OF_MEMBERS, [organizationId, memberIds])
}

/** What a refresh token is sealed for. */
export function refreshSealContext(organizationId: string, identityId: string): string {
  return `sso_identities/${organizationId}/${identityId}/refresh_token`
}

const LOCK_IDENTITY: Statement = {
  name: 'lock-sso-identity',
  text: `
SELECT i.id, i.member_id AS "memberId", i.user_id AS "userId", u.disabled_at IS NOT NULL AS "isUserDisabled",
  i.given_role_id AS "givenRoleId", i.given_team_ids AS "givenTeamIds", m.status, m.epoch, m.name, m.email,
  m.avatar_url AS "avatarUrl", m.role_id AS "roleId", r.key AS "roleKey",
  EXISTS (SELECT FROM directory_users d WHERE d.organization_id = $1 AND d.member_id = m.id) AS "isOfDirectory"
FROM sso_identities i
JOIN members m ON m.organization_id = $1 AND m.id = i.member_id
JOIN roles r ON r.organization_id = $1 AND r.id = m.role_id
JOIN users u ON u.id = i.user_id
WHERE i.organization_id = $1 AND i.sso_provider_id = $2 AND i.subject = $3
FOR UPDATE OF i`,
}
const HOLD_CONNECTION: Statement = {
  name: 'hold-sso-provider',
  text: 'SELECT 1 FROM sso_providers WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE',
}
const PUT_IDENTITY: Statement = {
  name: 'put-sso-identity',
  text: `
INSERT INTO sso_identities (organization_id, id, sso_provider_id, subject, subject_format, member_id, user_id, given_role_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT ON CONSTRAINT sso_identities_subject_key DO UPDATE
SET member_id = excluded.member_id, user_id = excluded.user_id, given_role_id = excluded.given_role_id,
    given_team_ids = '{}', linked_at = now()`,
}
const MARK_IDENTITY_USED: Statement = {
  name: 'mark-sso-identity-used',
  text: `
WITH used AS (
  UPDATE sso_identities
  SET last_used_at = now(), email = $3, name = coalesce($4, name), sealed_refresh = coalesce($5, sealed_refresh),
      given_role_id = $6, given_team_ids = $7::uuid[]
  WHERE organization_id = $1 AND id = $2
)
UPDATE sso_providers SET last_sign_in_at = now() WHERE organization_id = $1 AND id = $8
  AND (last_sign_in_at IS NULL OR last_sign_in_at < now() - interval '1 minute')`,
}
const USE_MESSAGE: Statement = {
  name: 'use-sso-message',
  text: `
INSERT INTO sso_used_messages (organization_id, sso_provider_id, message_id, expires_at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING`,
}
const RELEASE_MESSAGE: Statement = {
  name: 'release-sso-message',
  text: 'DELETE FROM sso_used_messages WHERE organization_id = $1 AND sso_provider_id = $2 AND message_id = $3',
}
const FIND_TOMBSTONE: Statement = {
  name: 'find-standing-tombstone',
  text: `
SELECT 1 FROM member_tombstones
WHERE organization_id = $1 AND lifted_at IS NULL AND ((sso_provider_id = $2 AND subject = $3) OR user_id = $4)
LIMIT 1`,
}
const FIND_MEMBER: Statement = {
  name: 'find-member-who-links',
  text: `
SELECT id AS "memberId", user_id AS "userId" FROM members WHERE organization_id = $1 AND id = $2 AND status = 'JOINED'`,
}
const FIND_IDENTITIES_OF_MEMBERS: Statement = {
  name: 'find-sso-identities-of-members',
  text: `
SELECT own.* FROM unnest($2::uuid[]) AS asked(member_id) CROSS JOIN LATERAL (
  SELECT i.id, i.member_id AS "memberId", json_build_object('id', p.id, 'name', p.name) AS "ssoProvider", i.subject, i.email,
    i.linked_at AS "linkedAt", i.last_used_at AS "lastUsedAt"
  FROM sso_identities i JOIN sso_providers p ON p.organization_id = $1 AND p.id = i.sso_provider_id
  WHERE i.organization_id = $1 AND i.member_id = asked.member_id ORDER BY i.linked_at, i.id LIMIT 50
) AS own`,
}
