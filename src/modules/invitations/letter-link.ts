import { readToken } from '../../platform/crypto'
import type { Statement, Transaction } from '../../platform/database'

/** True while an invitation waits for its answer and this token is that of its newest link. */
export async function isLinkOfInvitation(
  tx: Transaction,
  organizationId: string,
  invitationId: string,
  token: string,
): Promise<boolean> {
  const hash = readToken('invitation', token)?.hash ?? null
  return (await tx.query(FIND_LINK_OF_INVITATION, [organizationId, invitationId, hash])).length > 0
}

const FIND_LINK_OF_INVITATION: Statement = {
  name: 'find-link-of-invitation',
  text: `
SELECT FROM invitations
WHERE organization_id = $1 AND id = $2 AND token_hash = $3::bytea AND status = 'PENDING'`,
}
