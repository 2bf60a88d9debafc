import { type AccountSession, notFound, SYSTEM_ROLES, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { announceNewAdmins, findJoinedMember, joinMember } from '../members'
import { type OpenedSession, openOrganizationSession } from '../sessions'
import { type InvitationAnswer, keyOfAnswer, organizationOfAnswer, requireOpen, requireOwnAddress } from './answer'
import { invitationAudit } from './invitation-letter'
import { requireInvitationMode } from './membership-mode'
import { type AnsweredInvitation, lockAnsweredInvitation, markAccepted } from './received-invitation.store'

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
 * Whoever has accepted and asks again, by a double click or after a lost answer, is answered as the first time; for
 * everybody else the link is used. A share lock suffices although an Admin may join: one more Admin breaks no rule.
 *
 * @throws NOT_FOUND  no such invitation
 * @throws MEMBERSHIP_MODE  the organization's identity provider decides who joins
 * @throws EXPIRED, WRONG_STATE  it is not open any more
 * @throws EMAIL_MISMATCH  the account has not verified the invited address
 * @throws ALREADY_MEMBER  the account is in the organization by other means
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
    const repeated = await repeatedAcceptance(context, invitation, account)
    if (repeated) return repeated
    requireOpen(invitation)
    requireOwnAddress(invitation)
    if (invitation.isMember) throw new AppError('ALREADY_MEMBER', 'You are a member of this organization already.')

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

/** A further session for the account that has accepted before; null for everybody else, and once it is not joined any more. */
async function repeatedAcceptance(
  context: WriteContext,
  { status, memberId }: AnsweredInvitation,
  account: AccountSession,
): Promise<AcceptedInvitation | null> {
  if (status !== 'ACCEPTED') return null
  const { tx, organizationId } = context
  // Asked after the lock on the invitation: the first acceptance may have ended while we waited for it.
  const member = await findJoinedMember(tx, organizationId, account.userId)
  if (member?.memberId !== memberId) return null
  const session = await openOrganizationSession(context, account, { organizationId, ...member })
  context.audit({
    action: 'session.opened',
    targets: [{ type: 'Member', id: toTypeId('Member', memberId), label: account.name || account.email }],
  })
  return { memberId, session }
}
