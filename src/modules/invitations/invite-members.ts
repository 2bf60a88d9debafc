import { writeUseCase } from '../../access'
import { checkInvitationDraft, type InvitationDraft } from './invitation.model'
import { type InvitationResult, inviteAddresses } from './invite-addresses'
import { requireInvitationMode } from './membership-mode'

/**
 * Invites people by e-mail, each with a role and projects that wait for the acceptance.
 *
 * @returns  what became of each address, in the order of the input
 * @throws   REQUIRED, TOO_MANY, TOO_LONG, INVALID  about the call as a whole, with path
 * @throws   NOT_FOUND, FORBIDDEN  a role or project does not exist, or allows more than the actor may do
 * @throws   MEMBERSHIP_MODE  the organization's identity provider decides who joins
 * @throws   LIMIT_EXCEEDED  more would be invited than the quota allows; nobody is
 */
export const inviteMembers = writeUseCase({
  name: 'inviteMembers',
  requires: 'invitation.create',
  organization: (input: InvitationDraft & { organizationId: string }) => input.organizationId,
  locks: 'share',
  async run(context, input): Promise<InvitationResult[]> {
    const { name } = requireInvitationMode(context.locked)
    return inviteAddresses(context, { id: input.organizationId, name }, checkInvitationDraft(input))
  },
})
