import { actorLabel, type WriteContext, writeUseCase } from '../../access'
import { type ChangeMembers, changeMembers, type MembersChanged } from './change-members'
import { countersBetween, memberTarget } from './end-membership'
import { NOTHING_ENDED } from './end-membership.store'
import type { LockedMember } from './locked-member.store'
import { reactivateMemberRows } from './member.store'
import { liftMemberBlocks } from './member-block.store'

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
        await restoreMembership(context, input.organizationId, members)
        return NOTHING_ENDED
      },
    }),
})

/**
 * Gives suspended members their access back in the transaction of the caller, with counters and one audit row each.
 * @param members  locked by `lockMembers`, all of them SUSPENDED
 */
export async function restoreMembership(
  context: WriteContext,
  organizationId: string,
  members: readonly LockedMember[],
): Promise<void> {
  const memberIds = members.map((member) => member.id)
  const userIds = members.flatMap((member) => member.userId ?? [])
  await reactivateMemberRows(context.tx, organizationId, memberIds, userIds)
  await liftMemberBlocks(context.tx, organizationId, { memberIds }, actorLabel(context.actor))
  for (const member of members) {
    context.count(countersBetween(member, 'SUSPENDED', 'JOINED'))
    context.audit({
      action: 'member.reactivated',
      targets: [memberTarget(member)],
      changes: [{ field: 'status', before: 'SUSPENDED', after: 'JOINED' }],
    })
  }
}
