import { actorUserId, notFound, writeUseCase } from '../../access'
import { type InvitationAnswer, keyOfAnswer, organizationOfAnswer, requireOpen, requireOwnAddress } from './answer'
import { closeInvitations } from './invitation.store'
import { invitationAudit } from './invitation-letter'
import { lockAnsweredInvitation } from './received-invitation.store'

/**
 * Refuses an invitation. The link is enough: nobody should have to make an account to say no, and whoever misuses a
 * forwarded link achieves nothing that a new invitation does not mend. Without the link the address must be verified.
 *
 * @returns  the id of the invitation
 * @throws NOT_FOUND  no such invitation
 * @throws EMAIL_MISMATCH  named by id, and the account has not verified the invited address
 * @throws EXPIRED, WRONG_STATE  it is not open any more
 */
export const declineInvitation = writeUseCase({
  name: 'declineInvitation',
  requires: 'anyone',
  organization: organizationOfAnswer,
  locks: 'share',
  async run(context, answer: InvitationAnswer): Promise<string> {
    const { tx, organizationId, actor } = context
    const invitation = await lockAnsweredInvitation(tx, organizationId, keyOfAnswer(answer), actorUserId(actor))
    if (!invitation) throw notFound('The invitation')
    if ('invitationId' in answer) requireOwnAddress(invitation)
    requireOpen(invitation)
    await closeInvitations(tx, organizationId, [invitation.id], 'DECLINED')
    context.audit(invitationAudit('invitation.declined', invitation))
    context.count({ invited: -1 })
    return invitation.id
  },
})
