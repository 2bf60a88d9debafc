import type { WriteContext } from '../../access'
import { countersBetween } from './end-membership'
import { suspendMemberRows } from './end-membership.store'
import { lockMembers } from './locked-member.store'

/**
 * Suspends members in the transaction of the caller, in a few statements however many they are: access, sessions and
 * keys end as for one. Counts them, and leaves the audit to the caller, who says it in one row.
 *
 * @param memberIds  those who have not joined are passed over; at most 10,000
 * @returns  how many were suspended
 * @throws LAST_ADMIN  at the commit, when no Admin would be left
 */
export async function suspendAtOnce(
  context: WriteContext,
  memberIds: readonly string[],
  reason: string,
): Promise<number> {
  if (memberIds.length === 0) return 0
  const locked = await lockMembers(context.tx, context.organizationId, memberIds)
  const members = [...locked.values()].filter(({ status }) => status === 'JOINED')
  const ending = {
    memberIds: members.map(({ id }) => id),
    userIds: members.flatMap(({ userId }) => userId ?? []),
  }
  await suspendMemberRows(context.tx, context.organizationId, ending, reason)
  for (const member of members) context.count(countersBetween(member, 'JOINED', 'SUSPENDED'))
  return members.length
}
