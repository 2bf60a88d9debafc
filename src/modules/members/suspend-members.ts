import { writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { type ChangeMembers, changeMembers, type MembersChanged } from './change-members'
import { endMembership } from './end-membership'

/** Suspends members. */
export interface SuspendMembers extends ChangeMembers {
  /** Why, for those who look at the member later; at most 500 characters. */
  note?: string | null
}

const NOTE_LENGTH = 500

/**
 * Suspends joined members: their sessions and personal keys end now, role and grants are kept. Who cannot be suspended
 * fails alone with WRONG_STATE, FORBIDDEN, LAST_ADMIN, SELF or NOT_FOUND.
 *
 * @throws TOO_LONG  the note
 * @throws TOO_MANY, COUNT_MISMATCH  the selection
 */
export const suspendMembers = writeUseCase({
  name: 'suspendMembers',
  requires: 'member.suspend',
  organization: (input: SuspendMembers) => input.organizationId,
  locks: 'update',
  async run(context, input): Promise<MembersChanged> {
    const reason = input.note?.trim() || null
    if (reason && reason.length > NOTE_LENGTH)
      throw new AppError('TOO_LONG', `A note has at most ${NOTE_LENGTH} characters.`, { path: ['note'] })
    return changeMembers(context, input, {
      action: 'SUSPEND',
      apply: (members) =>
        endMembership(context, input.organizationId, members, { to: 'SUSPENDED', action: 'member.suspended', reason }),
    })
  },
})
