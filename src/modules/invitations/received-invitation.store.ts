import type { Statement, Transaction } from '../../platform/database'
import type { InvitationStatus } from './invitation.store'

/** How the person who answers an invitation names it: by the link's hash, or by id from their own list. */
export type InvitationKey = { readonly tokenHash: Buffer } | { readonly id: string }

/** An invitation about to be answered; its row is locked. */
export interface AnsweredInvitation {
  id: string
  memberId: string
  email: string
  status: InvitationStatus
  invitedByName: string
  /** True when an identity of the account has this address verified; false for a caller without account. */
  isForAccount: boolean
  /** True when the account is a member of the organization. */
  isMember: boolean
}

/** What the invited person is shown from outside the organization. */
export interface ReceivedInvitation {
  id: string
  organizationId: string
  organizationName: string
  invitedByName: string
  email: string
  roleName: string
  status: InvitationStatus
  /** The organization lets its identity provider decide who joins. */
  isModeClosed: boolean
  expiresAt: Date
}

// A person with more open invitations than this answers the first ones first.
const MAXIMUM_RECEIVED = 100

/** Locks an invitation that somebody answers, so that of many answers at once one counts; null when there is none. */
export async function lockAnsweredInvitation(
  tx: Transaction,
  organizationId: string,
  key: InvitationKey,
  userId: string | null,
): Promise<AnsweredInvitation | null> {
  const [id, tokenHash] = 'id' in key ? [key.id, null] : [null, key.tokenHash]
  const [row] = await tx.query<AnsweredInvitation>(LOCK_ANSWERED_INVITATION, [organizationId, id, tokenHash, userId])
  return row ?? null
}

/** Marks an invitation as accepted; it leaves the list of its address. */
export async function markAccepted(tx: Transaction, organizationId: string, invitationId: string): Promise<void> {
  await tx.execute(MARK_ACCEPTED, [organizationId, invitationId])
}

/**
 * The invitation behind a link, whatever became of it; null when no link has this hash (any more). The organization need
 * not be that of the transaction: the link opens it for whoever holds it, also for people who are in another one.
 */
export async function findInvitationByToken(
  tx: Transaction,
  organizationId: string,
  tokenHash: Buffer,
): Promise<ReceivedInvitation | null> {
  const [row] = await tx.queryIn<ReceivedInvitation>(organizationId, FIND_INVITATION_BY_TOKEN, [
    organizationId,
    tokenHash,
  ])
  return row ?? null
}

/**
 * Open invitations to any verified address of an account, soonest to expire first; at most 100.
 * @param invitationId  null for all of them
 */
export async function findReceivedInvitations(
  tx: Transaction,
  userId: string,
  invitationId: string | null,
): Promise<ReceivedInvitation[]> {
  return tx.query<ReceivedInvitation>(FIND_RECEIVED_INVITATIONS, [userId, invitationId, MAXIMUM_RECEIVED])
}

const STATUS = `CASE WHEN i.status = 'PENDING' AND i.expires_at <= now() THEN 'EXPIRED' ELSE i.status END AS status`

const LOCK_ANSWERED_INVITATION: Statement = {
  name: 'lock-answered-invitation',
  text: `
SELECT i.id, i.member_id AS "memberId", i.email, ${STATUS}, i.invited_by_name AS "invitedByName",
       EXISTS (SELECT 1 FROM identities d WHERE d.user_id = $4::uuid AND i.email = ANY (d.verified_emails))
         AS "isForAccount",
       EXISTS (SELECT 1 FROM members m WHERE m.organization_id = $1 AND m.user_id = $4::uuid AND m.status <> 'REMOVED')
         AS "isMember"
FROM invitations i
WHERE i.organization_id = $1 AND (i.id = $2::uuid OR i.token_hash = $3::bytea)
FOR UPDATE OF i`,
}

const MARK_ACCEPTED: Statement = {
  name: 'mark-invitation-accepted',
  text: `
WITH accepted AS (
  UPDATE invitations SET status = 'ACCEPTED', organization_mode = NULL, decided_at = now()
  WHERE organization_id = $1 AND id = $2
)
DELETE FROM invitation_addresses WHERE organization_id = $1 AND invitation_id = $2`,
}

const FIND_INVITATION_BY_TOKEN: Statement = {
  name: 'find-invitation-by-token',
  text: `
SELECT i.id, i.organization_id AS "organizationId", o.name AS "organizationName",
       i.invited_by_name AS "invitedByName", i.email, r.name AS "roleName", ${STATUS}, i.expires_at AS "expiresAt", o.membership_mode = 'SSO' AS "isModeClosed"
FROM invitations i
JOIN organizations o ON o.organization_id = i.organization_id
JOIN members m ON m.organization_id = i.organization_id AND m.id = i.member_id
JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
WHERE i.organization_id = $1 AND i.token_hash = $2 AND o.status = 'ACTIVE'`,
}

const FIND_RECEIVED_INVITATIONS: Statement = {
  name: 'find-received-invitations',
  text: `
SELECT a.invitation_id AS id, a.organization_id AS "organizationId", c.name AS "organizationName",
       a.invited_by_name AS "invitedByName", a.email, a.role_name AS "roleName", 'PENDING' AS status,
       a.expires_at AS "expiresAt", c.membership_mode = 'SSO' AS "isModeClosed"
FROM invitation_addresses a
JOIN organization_cards c ON c.organization_id = a.organization_id AND c.status = 'ACTIVE'
WHERE a.email IN (SELECT unnest(d.verified_emails) FROM identities d WHERE d.user_id = $1)
  AND a.expires_at > now() AND ($2::uuid IS NULL OR a.invitation_id = $2::uuid)
ORDER BY a.expires_at, a.invitation_id LIMIT $3`,
}
