import { notFound, OWN_ORGANIZATION, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { makeToken } from '../../platform/crypto'
import { findInvitations, type InvitationRow, rotateLinks } from './invitation.store'
import { invitationAudit } from './invitation-letter'
import { requireInvitationMode } from './membership-mode'
import { findOffersBeyond } from './standing-offer'

/** A link for the inviter to hand out. The token is shown once: the database keeps its hash. */
export interface InvitationLink {
  invitation: InvitationRow
  token: string
}

/**
 * Makes a new link for a pending or expired invitation, for places without mail. As with sending again, the lifetime
 * begins anew and older links are dead. Accepting still needs the invited address.
 *
 * @throws NOT_FOUND  no such invitation
 * @throws FORBIDDEN  it offers more than the actor may do
 * @throws WRONG_STATE  it was answered or revoked
 * @throws MEMBERSHIP_MODE  the organization's identity provider decides who joins
 */
export const createInvitationLink = writeUseCase({
  name: 'createInvitationLink',
  requires: 'invitation.create',
  organization: () => OWN_ORGANIZATION,
  locks: 'share',
  async run(context, { id }: { id: string }): Promise<InvitationLink> {
    const { tx, organizationId } = context
    requireInvitationMode(context.locked)
    const beyond = (await findOffersBeyond(context, organizationId, [id])).get(id)
    if (beyond)
      throw new AppError('FORBIDDEN', `This offers ${beyond}, which you do not hold yourself.`, { permission: beyond })
    const { token, hash } = makeToken('invitation', organizationId)
    const rotated = await rotateLinks(tx, organizationId, [{ id, hash }])
    const invitation = (await findInvitations(tx, organizationId, [id])).get(id)
    if (!invitation) throw notFound('The invitation')
    if (!rotated.has(id))
      throw new AppError(
        'WRONG_STATE',
        `This invitation was ${invitation.status.toLowerCase()}; invite the person anew.`,
      )
    context.audit(invitationAudit('invitation.link.created', invitation))
    return { invitation, token }
  },
})
