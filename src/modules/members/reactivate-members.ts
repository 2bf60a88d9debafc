import { actorLabel, Pending, type WriteContext, writeUseCase } from '../../access'
import { type ChangeMembers, changeMembers, type MembersChanged } from './change-members'
import { countersBetween, memberTarget } from './end-membership'
import { NOTHING_ENDED } from './end-membership.store'
import type { HeldMember } from './locked-member.store'
import { reactivateMemberRows } from './member.store'

/**
 * Gives suspended members their access back, with the role and grants they had; they sign in anew, since their old
 * sessions stay dead, and so do their keys. What kept them from coming in by a sign-in is lifted. Who is not suspended, or may do more than the actor, fails alone with
 * WRONG_STATE, FORBIDDEN or NOT_FOUND.
 *
 * @throws TOO_MANY, COUNT_MISMATCH  the selection
 */
export const reactivateMembers = writeUseCase({
  name: 'reactivateMembers',
  requires: 'member.suspend',
  organization: (input: ChangeMembers) => input.organizationId,
  locks: 'update',
  run: (context, input): Promise<MembersChanged> =>
    changeMembers(context, input, {
      action: 'REACTIVATE',
      async apply(members) {
        await restoreMembership(context, input.organizationId, members).output
        return NOTHING_ENDED
      },
    }),
})

/**
 * Gives suspended members their access back in the transaction of the caller, with counters and one audit row each, all of
 * which is asked and recorded when it returns.
 * @param members  locked, all of them SUSPENDED
 */
export function restoreMembership(
  context: WriteContext,
  organizationId: string,
  members: readonly HeldMember[],
): Pending<void> {
  const written = reactivateMemberRows(context.tx, organizationId, members, actorLabel(context.actor))
  for (const member of members) {
    context.count(countersBetween(member, 'SUSPENDED', 'JOINED'))
    context.audit({
      action: 'member.reactivated',
      targets: [memberTarget(member)],
      changes: [{ field: 'status', before: 'SUSPENDED', after: 'JOINED' }],
    })
  }
  return new Pending(written)
}
