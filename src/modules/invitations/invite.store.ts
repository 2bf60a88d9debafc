import { permissionsOfRole } from '../../access'
import { newId } from '../../kernel/ids'
import type { Statement, Transaction } from '../../platform/database'
import { searchable } from '../members'
import { deleteGrantsOfMembers } from '../projects'
import { listedPermissions } from '../roles'
import type { GrantDraft } from './invitation.model'

/** What the organization says about an invitation before it is written. */
export interface InvitationTerms {
  lifetimeDays: number
  /** Empty means any. */
  domains: string[]
  /** Null when the organization has no such organization role. */
  role: { id: string; key: string; name: string; permissions: ReadonlySet<string> } | null
}

/** One address with everything the application makes for its invitation. */
export interface InvitedAddress {
  email: string
  memberId: string
  invitationId: string
  tokenHash: Buffer
}

/** What all invitations of one call have in common. */
export interface InvitationLetterFacts {
  roleId: string
  roleName: string
  lifetimeDays: number
  message: string | null
  invitedById: string | null
  invitedByName: string
  sendEmail: boolean
}

/** An invitation that now waits for its answer; a renewed one keeps its id, its member and its date. */
export interface PlacedInvitation {
  id: string
  memberId: string
  email: string
  isRenewed: boolean
  sendCount: number
  lastSentAt: Date | null
  createdAt: Date
  expiresAt: Date
}

/** Who already stands where an invitation was asked for. */
export interface StandingMember {
  email: string
  memberId: string
  status: 'INVITED' | 'JOINED' | 'SUSPENDED'
  /** The pending invitation, if the member is an invited one. */
  invitationId: string | null
}

/** What a grant that was asked for refers to. */
export interface GrantTerms {
  isProjectActive: boolean
  /** What the role allows; null when the organization has no such project role. */
  permissions: ReadonlySet<string> | null
}

/** @param roleId  null for the Member role */
export async function findInvitationTerms(
  tx: Transaction,
  organizationId: string,
  roleId: string | null,
): Promise<InvitationTerms> {
  const [row] = await tx.query<TermsRow>(FIND_INVITATION_TERMS, [organizationId, roleId])
  const { lifetime_days, domains, role_id, role_key, role_name, listed } = row!
  const permissions = permissionsOfRole('ORGANIZATION', role_key ?? '', listed ?? [])
  const role = role_id ? { id: role_id, key: role_key!, name: role_name!, permissions } : null
  return { lifetimeDays: lifetime_days, domains, role }
}

/** Looks at the projects and roles of grants, in the order of the grants. */
export async function findGrantTerms(
  tx: Transaction,
  organizationId: string,
  grants: readonly GrantDraft[],
): Promise<GrantTerms[]> {
  const rows = await tx.query<GrantTermsRow>(FIND_GRANT_TERMS, [organizationId, JSON.stringify(grants)])
  return rows.map(({ is_project_active, role_key, listed }) => ({
    isProjectActive: is_project_active,
    permissions: role_key === null ? null : permissionsOfRole('PROJECT', role_key, listed),
  }))
}

/**
 * Places an invited member with its invitation for every address that has neither a member nor an invitation that is
 * still valid; an expired one is renewed. Of two calls with the same address at once, the constraints
 * `members_one_per_email` and `invitations_one_pending_per_email` let one through, and the other finds nothing placed.
 */
export async function placeInvitations(
  tx: Transaction,
  organizationId: string,
  addresses: readonly InvitedAddress[],
  facts: InvitationLetterFacts,
): Promise<PlacedInvitation[]> {
  return tx.query<PlacedInvitation>(PLACE_INVITATIONS, placementValues(organizationId, addresses, facts))
}

/** The values of a statement that writes invitations, `$1` to `$9`. */
export function placementValues(
  organizationId: string,
  addresses: readonly InvitedAddress[],
  facts: InvitationLetterFacts,
): readonly unknown[] {
  const asked = addresses.map(({ email, memberId, invitationId, tokenHash }) => ({
    email,
    member_id: memberId,
    invitation_id: invitationId,
    token_hash: tokenHash.toString('hex'),
  }))
  const { roleId, roleName, lifetimeDays, message, invitedById, invitedByName, sendEmail } = facts
  const ofLetter = [message, invitedById, invitedByName, sendEmail]
  return [organizationId, JSON.stringify(asked), roleId, roleName, lifetimeDays, ...ofLetter]
}

/** Who has these addresses in the organization now, by address. */
export async function findStandingMembers(
  tx: Transaction,
  organizationId: string,
  emails: readonly string[],
): Promise<Map<string, StandingMember>> {
  const rows = await tx.query<StandingMember>(FIND_STANDING_MEMBERS, [organizationId, emails])
  return new Map(rows.map((row) => [row.email, row]))
}

/** Prepares another role for invited members, who have it on joining. */
export async function updateInvitedRole(
  tx: Transaction,
  organizationId: string,
  memberIds: readonly string[],
  role: { id: string; name: string },
): Promise<void> {
  await tx.execute(UPDATE_INVITED_ROLE, [organizationId, memberIds, role.id, role.name])
}

/** Prepares exactly these project roles for each of the invited members. */
export async function replaceGrants(
  tx: Transaction,
  organizationId: string,
  memberIds: readonly string[],
  grants: readonly GrantDraft[],
  grantedBy: { id: string | null; name: string },
): Promise<void> {
  await deleteGrantsOfMembers(tx, organizationId, memberIds)
  if (grants.length === 0) return
  const rows = memberIds.flatMap((memberId) =>
    grants.map(({ projectId, roleId }) => ({
      id: newId(),
      member_id: memberId,
      project_id: projectId,
      role_id: roleId,
    })),
  )
  await tx.execute(INSERT_GRANTS, [organizationId, JSON.stringify(rows), grantedBy.id, grantedBy.name])
}

interface TermsRow {
  lifetime_days: number
  domains: string[]
  role_id: string | null
  role_key: string | null
  role_name: string | null
  listed: string[] | null
}

interface GrantTermsRow {
  is_project_active: boolean
  role_key: string | null
  listed: string[]
}

const FIND_INVITATION_TERMS: Statement = {
  name: 'find-invitation-terms',
  text: `
SELECT o.invitation_lifetime_days AS lifetime_days, o.invitation_domains AS domains,
       r.id AS role_id, r.key AS role_key, r.name AS role_name, ${listedPermissions('r')} AS listed
FROM organizations o
LEFT JOIN roles r ON r.organization_id = o.organization_id AND r.scope = 'ORGANIZATION'
  AND (r.id = $2::uuid OR ($2::uuid IS NULL AND r.key = 'member'))
WHERE o.organization_id = $1`,
}

const FIND_GRANT_TERMS: Statement = {
  name: 'find-grant-terms',
  text: `
SELECT p.id IS NOT NULL AS is_project_active, r.key AS role_key, ${listedPermissions('r')} AS listed
FROM ROWS FROM (jsonb_to_recordset($2::jsonb) AS ("projectId" uuid, "roleId" uuid))
  WITH ORDINALITY AS g("projectId", "roleId", position)
LEFT JOIN projects p ON p.organization_id = $1 AND p.id = g."projectId" AND p.status = 'ACTIVE'
LEFT JOIN roles r ON r.organization_id = $1 AND r.id = g."roleId" AND r.scope = 'PROJECT'
ORDER BY g.position`,
}

// Rows are taken in the order of the addresses, so that two long lists with the same people do not wait for each
// other in a circle.
const PLACE_INVITATIONS: Statement = {
  name: 'place-invitations',
  text: `
WITH asked AS (
  SELECT email, member_id, invitation_id, decode(token_hash, 'hex') AS token_hash
  FROM jsonb_to_recordset($2::jsonb) AS a(email text, member_id uuid, invitation_id uuid, token_hash text)
), renewed AS (
  UPDATE invitations i
  SET token_hash = a.token_hash, message = $6, invited_by_id = $7, invited_by_name = $8, send_email = $9,
      delivery_error = NULL, expires_at = now() + make_interval(days => $5)
  FROM asked a
  WHERE i.organization_id = $1 AND i.email = a.email AND i.status = 'PENDING' AND i.expires_at <= now()
  RETURNING i.id, i.member_id, i.email, i.send_count, i.last_sent_at, i.created_at, i.expires_at
), placed AS (
  INSERT INTO members (organization_id, id, email, status, source, role_id)
  SELECT $1, member_id, email, 'INVITED', 'INVITATION', $3 FROM asked ORDER BY email
  ON CONFLICT (organization_id, email) WHERE status <> 'REMOVED' DO NOTHING
  RETURNING id, name, email
), ${searchable('placed')}, created AS (
  INSERT INTO invitations (organization_id, id, member_id, email, organization_mode, token_hash, message,
                           invited_by_id, invited_by_name, send_email, expires_at)
  SELECT $1, a.invitation_id, a.member_id, a.email, 'INVITATION', a.token_hash, $6, $7, $8, $9,
         now() + make_interval(days => $5)
  FROM placed JOIN asked a ON a.member_id = placed.id
  RETURNING id, member_id, email, send_count, last_sent_at, created_at, expires_at
), waiting AS (
  SELECT *, true AS is_renewed FROM renewed UNION ALL SELECT *, false FROM created
), announced AS (
  INSERT INTO invitation_addresses (email, organization_id, invitation_id, invited_by_name, role_name, expires_at)
  SELECT email, $1, id, $8, $4, expires_at FROM waiting ORDER BY email
  ON CONFLICT (email, organization_id) DO UPDATE
  SET invitation_id = excluded.invitation_id, invited_by_name = excluded.invited_by_name,
      role_name = excluded.role_name, expires_at = excluded.expires_at
)
SELECT id, member_id AS "memberId", email, is_renewed AS "isRenewed", send_count AS "sendCount",
       last_sent_at AS "lastSentAt", created_at AS "createdAt", expires_at AS "expiresAt"
FROM waiting`,
}

const FIND_STANDING_MEMBERS: Statement = {
  name: 'find-standing-members',
  text: `
SELECT m.email, m.id AS "memberId", m.status, i.id AS "invitationId"
FROM members m
LEFT JOIN invitations i ON i.organization_id = m.organization_id AND i.member_id = m.id AND i.status = 'PENDING'
WHERE m.organization_id = $1 AND m.email = ANY ($2::text[]) AND m.status <> 'REMOVED'`,
}

const UPDATE_INVITED_ROLE: Statement = {
  name: 'update-invited-role',
  text: `
WITH changed AS (
  UPDATE members SET role_id = $3, updated_at = now(), version = version + 1
  WHERE organization_id = $1 AND id = ANY ($2::uuid[]) AND status = 'INVITED'
  RETURNING email
)
UPDATE invitation_addresses a SET role_name = $4 FROM changed WHERE a.organization_id = $1 AND a.email = changed.email`,
}

const INSERT_GRANTS: Statement = {
  name: 'insert-prepared-grants',
  text: `
INSERT INTO project_grants (organization_id, id, project_id, member_id, role_id, granted_by_id, granted_by_name)
SELECT $1, g.id, g.project_id, g.member_id, g.role_id, $3, $4
FROM jsonb_to_recordset($2::jsonb) AS g(id uuid, member_id uuid, project_id uuid, role_id uuid)`,
}
