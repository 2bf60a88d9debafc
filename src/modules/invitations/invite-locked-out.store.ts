import type { Statement, Transaction } from '../../platform/database'
import { SUSPENDED_BY_SWITCH } from '../members'
import { type InvitationLetterFacts, type InvitedAddress, type PlacedInvitation, placementValues } from './invite.store'

/**
 * Invites members whom a switch of the membership mode has suspended and who have no way to sign in: they wait for an
 * answer from then on, with the teams and grants that they had, and are whoever proves the address. The user and the
 * subjects by which they came are theirs no more. Nobody else is touched.
 */
export async function inviteLockedOut(
  tx: Transaction,
  organizationId: string,
  addresses: readonly InvitedAddress[],
  facts: InvitationLetterFacts,
): Promise<PlacedInvitation[]> {
  const values = placementValues(organizationId, addresses, facts)
  return tx.query<PlacedInvitation>(INVITE_LOCKED_OUT, [...values, SUSPENDED_BY_SWITCH])
}

// Of two calls with one address the second waits for the member, and finds it invited.
const INVITE_LOCKED_OUT: Statement = {
  name: 'invite-locked-out-members',
  text: `
WITH asked AS (
  SELECT email, invitation_id, decode(token_hash, 'hex') AS token_hash
  FROM jsonb_to_recordset($2::jsonb) AS a(email text, invitation_id uuid, token_hash text)
), locked_out AS (
  SELECT m.id, a.* FROM asked a JOIN members m ON m.organization_id = $1 AND m.email = a.email
  WHERE m.status = 'SUSPENDED' AND m.suspension_reason = $10
    AND NOT EXISTS (SELECT FROM identities i WHERE i.user_id = m.user_id)
  ORDER BY m.id FOR UPDATE OF m
), invited AS (
  UPDATE members m
  SET status = 'INVITED', source = 'INVITATION', user_id = NULL, role_id = $3, suspended_at = NULL, suspension_reason = NULL,
      joined_at = NULL, epoch = epoch + 1, version = version + 1, updated_at = now()
  FROM locked_out l WHERE m.organization_id = $1 AND m.id = l.id
  RETURNING m.id, l.email, l.invitation_id, l.token_hash
), account_side AS (
  DELETE FROM user_memberships u USING invited WHERE u.organization_id = $1 AND u.member_id = invited.id
), subjects AS (
  DELETE FROM sso_identities s USING invited WHERE s.organization_id = $1 AND s.member_id = invited.id
), created AS (
  INSERT INTO invitations (organization_id, id, member_id, email, organization_mode, token_hash, message,
                           invited_by_id, invited_by_name, send_email, expires_at)
  SELECT $1, invitation_id, id, email, 'INVITATION', token_hash, $6, $7, $8, $9, now() + make_interval(days => $5)
  FROM invited
  RETURNING id, member_id, email, send_count, last_sent_at, created_at, expires_at
), announced AS (
  INSERT INTO invitation_addresses (email, organization_id, invitation_id, invited_by_name, role_name, expires_at)
  SELECT email, $1, id, $8, $4, expires_at FROM created ORDER BY email
)
SELECT id, member_id AS "memberId", email, false AS "isRenewed", send_count AS "sendCount", last_sent_at AS "lastSentAt",
       created_at AS "createdAt", expires_at AS "expiresAt"
FROM created`,
}
