import { type AccountSession, readUseCase } from '../../access'
import { findReceivedInvitations, type ReceivedInvitation } from './received-invitation.store'

/**
 * Open invitations to the verified addresses of the person's identities, from all organizations; at most 100.
 * @param input.invitationId  only this one, if it is among them
 */
export const listMyInvitations = readUseCase({
  name: 'listMyInvitations',
  requires: 'account',
  organization: () => null,
  async run({ tx, actor }, { invitationId }: { invitationId?: string }): Promise<ReceivedInvitation[]> {
    return findReceivedInvitations(tx, (actor as AccountSession).userId, invitationId ?? null)
  },
})
