import { type CounterChanges, decide, SYSTEM_ROLES, type WriteContext } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { type EndingReceipt, NOTHING_ENDED, removeMemberRows, suspendMemberRows } from './end-membership.store'
import type { HeldMember } from './locked-member.store'
import type { MemberStatus } from './member.entity'
import { type BlockReason, blockMembers } from './member-block.store'

/**
 * How memberships end: for good, or until they are reactivated. `block` leaves tombstones, so that nobody comes back by
 * signing in; what a directory asks for is never refused, not even for the last Admin.
 */
export type Ending = { readonly block?: BlockReason } & (
  | { readonly to: 'REMOVED'; readonly action: 'member.removed' | 'member.left' }
  | { readonly to: 'SUSPENDED'; readonly action: 'member.suspended'; readonly reason: string | null }
)

/**
 * Ends the access of members in the transaction of the caller: status and epoch, sessions, personal keys, and for a
 * removal grants, teams, the account side and a pending invitation as well. Records counters and one audit row per member.
 * What they made stays, keys of projects and service accounts too, and so does the account itself.
 *
 * @param members  locked by `lockMembers`, none of them REMOVED; at most 1,000
 * @throws LAST_ADMIN  at the commit, when no Admin would be left, unless the directory asks
 */
export async function endMembership(
  context: WriteContext,
  organizationId: string,
  members: readonly HeldMember[],
  ending: Ending,
): Promise<EndingReceipt> {
  if (members.length === 0) return NOTHING_ENDED
  const ended = {
    memberIds: members.map((member) => member.id),
    userIds: members.flatMap((member) => member.userId ?? []),
  }
  const { block } = ending
  const [{ keysByMember, ...receipt }, blocked] = await Promise.all([
    ending.to === 'REMOVED'
      ? removeMemberRows(context.tx, organizationId, ended)
      : suspendMemberRows(context.tx, organizationId, ended, ending.reason),
    block ? blockMembers(context.tx, organizationId, ended.memberIds, block) : new Set(),
  ])
  if (block === 'DIRECTORY') context.count({ mayBeAdminless: true })
  for (const member of members) {
    context.count(countersBetween(member, member.status, ending.to))
    context.audit({
      action: ending.action,
      targets: [memberTarget(member)],
      changes: [
        { field: 'status', before: member.status, after: ending.to },
        ...(keysByMember[member.id] ? [{ field: 'apiKeys', before: keysByMember[member.id], after: 0 }] : []),
        ...(blocked.has(member.id) ? [{ field: 'isBlocked', before: false, after: true }] : []),
      ],
    })
  }
  const counted = { ...receipt, peopleBlocked: blocked.size }
  return mayReadKeys(context, organizationId) ? counted : { ...counted, revokedApiKeys: [], keptApiKeys: [] }
}

/** The numbers are for everybody who may end access, the names of keys for those who may see them all. */
function mayReadKeys({ actor }: WriteContext, organizationId: string): boolean {
  return (['api_key.read', 'project.read'] as const).every(
    (permission) => decide(actor, permission, { organizationId }) === 'allowed',
  )
}

/** How the counters change when a member goes from one status to another. */
export function countersBetween(
  member: Pick<HeldMember, 'roleKey'>,
  before: MemberStatus | null,
  after: MemberStatus,
): CounterChanges {
  const step = (status: MemberStatus) => Number(after === status) - Number(before === status)
  const joined = step('JOINED')
  return {
    joined,
    invited: step('INVITED'),
    suspended: step('SUSPENDED'),
    admins: member.roleKey === SYSTEM_ROLES.ADMIN.key ? joined : 0,
  }
}

/** A member as the target of an audit row. */
export function memberTarget(member: { id: string; name: string; email: string }) {
  return { type: 'Member', id: toTypeId('Member', member.id), label: member.name || member.email }
}
