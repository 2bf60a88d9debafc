import { type AccountSession, notFound, SYSTEM_ROLES, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { announceNewAdmins, joinMember } from '../members'
import { type OpenedSession, openOrganizationSession } from '../sessions'
import { type InvitationAnswer, keyOfAnswer, organizationOfAnswer, requireOpen, requireOwnAddress } from './answer'
import { invitationAudit } from './invitation-letter'
import { requireInvitationMode } from './membership-mode'
import { lockAnsweredInvitation, markAccepted } from './received-invitation.store'

/** The person is in: who they are there, and a session to go on with. */
export interface AcceptedInvitation {
  memberId: string
  session: OpenedSession
}

/**
 * Makes the invited member a joined one, with the role and projects that were prepared, and opens a session.
 *
 * The link alone proves nothing, since links are forwarded: one of the account's identities must have the invited
 * address verified by its provider. That is proof enough, so no link is needed for an invitation of the own list.
 * A share lock suffices although an Admin may join: one more Admin breaks no rule.
 *
 * @throws NOT_FOUND  no such invitation
 * @throws MEMBERSHIP_MODE  the organization's identity provider decides who joins
 * @throws EMAIL_MISMATCH  the account has not verified the invited address
 * @throws ALREADY_MEMBER  the account is in the organization
 * @throws EXPIRED, WRONG_STATE  it is not open any more
 * @throws OTHER_ORGANIZATION  the installation allows one organization per person and this person has one
 */
export const acceptInvitation = writeUseCase({
  name: 'acceptInvitation',
  requires: 'account',
  organization: organizationOfAnswer,
  locks: 'share',
  async run(context, answer: InvitationAnswer): Promise<AcceptedInvitation> {
    const { tx, organizationId } = context
    const account = context.actor as AccountSession
    const invitation = await lockAnsweredInvitation(tx, organizationId, keyOfAnswer(answer), account.userId)
    if (!invitation) throw notFound('The invitation')
    requireInvitationMode(context.locked)
    requireOwnAddress(invitation)
    if (invitation.isMember) throw new AppError('ALREADY_MEMBER', 'You are a member of this organization already.')
    requireOpen(invitation)

    const member = await joinMember(context, organizationId, invitation.memberId, account)
    await markAccepted(tx, organizationId, invitation.id)
    context.audit(invitationAudit('invitation.accepted', invitation))
    if (member.roleKey === SYSTEM_ROLES.ADMIN.key) {
      const newAdmin = { id: member.memberId, name: account.name, email: invitation.email }
      await announceNewAdmins(context, organizationId, [newAdmin], invitation.invitedByName)
    }
    const session = await openOrganizationSession(context, account, { organizationId, ...member })
    return { memberId: member.memberId, session }
  },
})
