import { writeUseCase } from '../../access'
import { type ChangeMembers, changeMembers, type MembersChanged } from './change-members'
import { endMembership } from './end-membership'

/**
 * Removes members, invited ones too: sessions and personal keys end, grants go, pending invitations close. What they
 * made stays, and so does their account. Who cannot be removed fails alone with WRONG_STATE, FORBIDDEN, LAST_ADMIN, SELF
 * or NOT_FOUND.
 *
 * @throws TOO_MANY, COUNT_MISMATCH  the selection
 */
export const removeMembers = writeUseCase({
  name: 'removeMembers',
  requires: 'member.remove',
  organization: (input: ChangeMembers) => input.organizationId,
  locks: 'update',
  run: (context, input): Promise<MembersChanged> =>
    changeMembers(context, input, {
      action: 'REMOVE',
      apply: (members) =>
        endMembership(context, input.organizationId, members, { to: 'REMOVED', action: 'member.removed' }),
    }),
})
