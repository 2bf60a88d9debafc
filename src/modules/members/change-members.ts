import { actorMemberId, SYSTEM_ROLES, type WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { findRolesAbove } from '../roles'
import { type EndingReceipt, NOTHING_ENDED } from './end-membership.store'
import { type LockedMember, lockMembers } from './locked-member.store'
import { readMemberFilter } from './member-filter'
import type { MemberFilter } from './member-filter.model'
import { findMatchingMemberIds } from './member-page.store'
import { type MemberAction, obstacleTo, takesAdminAway } from './member-rules.model'
import { findMemberStats } from './member-stats.store'

/** Which members a change is meant for: by id, null standing for what is no member's id, or by filter. */
export type MemberSelection =
  | { readonly ids: readonly (string | null)[] }
  | {
      readonly matching: {
        readonly filter: MemberFilter | null
        readonly excludeIds: readonly string[]
        /** How many the person who asks has seen. */
        readonly expectedCount: number
      }
    }

/** What every change to many members is given. */
export interface ChangeMembers {
  organizationId: string
  members: MemberSelection
  /** `SKIP_FAILED` changes whom it can; `ABORT_ALL` changes nobody unless it can change all. */
  onError: 'SKIP_FAILED' | 'ABORT_ALL'
}

/** What became of a change to many members. */
export interface MembersChanged {
  /** One per selected member, in the order of the selection. */
  items: { memberId: string | null; error: AppError | null }[]
  receipt: EndingReceipt
  /** Nothing was changed, since something failed under ABORT_ALL. */
  wasAborted: boolean
}

/** What is particular about one change. */
export interface MembersChange {
  action: MemberAction
  /** True for members that are already as they should be: they succeed without a change. */
  isDone?: (member: LockedMember) => boolean
  /** Changes the members that nothing stands in the way of. */
  apply(members: readonly LockedMember[]): Promise<EndingReceipt>
}

const MAXIMUM_MEMBERS = 1_000

/**
 * Changes many members in the transaction of the caller, which holds the organization row for update. The selection
 * is judged in its order, so that of two last Admins always the second one stays. Nobody changes a member whose role
 * allows more than their own: those fail alone with FORBIDDEN.
 *
 * @throws TOO_MANY  more than 1,000 members
 * @throws COUNT_MISMATCH  the filter matches another number than expected
 */
export async function changeMembers(
  context: WriteContext,
  input: ChangeMembers,
  change: MembersChange,
): Promise<MembersChanged> {
  const ids = await selectedIds(context, input)
  const locked = await lockMembers(
    context.tx,
    input.organizationId,
    ids.flatMap((id) => id ?? []),
  )
  const { admins } = await findMemberStats(context.tx, input.organizationId)
  const above = await findRolesAbove(context, input.organizationId)
  const { items, accepted } = judge(ids, locked, change, {
    admins,
    breakGlassTaken: 0,
    actingMemberId: actorMemberId(context.actor),
    above,
  })
  const wasAborted = input.onError === 'ABORT_ALL' && items.some((item) => item.error)
  if (wasAborted || accepted.length === 0) return { items, receipt: NOTHING_ENDED, wasAborted }
  return { items, receipt: await change.apply(accepted), wasAborted }
}

function judge(
  ids: readonly (string | null)[],
  locked: ReadonlyMap<string, LockedMember>,
  { action, isDone }: MembersChange,
  around: {
    admins: number
    breakGlassTaken: number
    actingMemberId: string | null
    above: ReadonlyMap<string, string>
  },
): { items: MembersChanged['items']; accepted: LockedMember[] } {
  const seen = new Set<string>()
  const accepted: LockedMember[] = []
  const items = ids.map((id) => {
    const member = id === null ? undefined : locked.get(id)
    if (!member) return { memberId: null, error: new AppError('NOT_FOUND', 'No such member here.') }
    if (seen.has(member.id))
      return { memberId: member.id, error: new AppError('INVALID', 'The member is named twice.') }
    seen.add(member.id)
    if (isDone?.(member)) return { memberId: member.id, error: null }
    const permission = around.above.get(member.roleId)
    const judged = {
      id: member.id,
      status: member.status,
      isAdmin: member.roleKey === SYSTEM_ROLES.ADMIN.key,
      isAbove: permission !== undefined,
      isProvided: member.isProvided,
      hasGivenRole: member.hasGivenRole,
      breakGlassAdmins: member.breakGlassAdmins,
    }
    const obstacle = obstacleTo(action, judged, around)
    if (obstacle) {
      const details = obstacle.reason === 'FORBIDDEN' ? { permission } : {}
      return { memberId: member.id, error: new AppError(obstacle.reason, obstacle.message, details) }
    }
    if (takesAdminAway(action, judged)) {
      around.admins -= 1
      if (judged.breakGlassAdmins !== null) around.breakGlassTaken += 1
    }
    accepted.push(member)
    return { memberId: member.id, error: null }
  })
  return { items, accepted }
}

async function selectedIds(
  context: WriteContext,
  { organizationId, members }: ChangeMembers,
): Promise<readonly (string | null)[]> {
  if ('ids' in members) {
    if (members.ids.length > MAXIMUM_MEMBERS) throw tooMany(['members', 'ids'])
    return members.ids
  }
  const { filter, excludeIds, expectedCount } = members.matching
  if (expectedCount > MAXIMUM_MEMBERS || excludeIds.length > MAXIMUM_MEMBERS) throw tooMany(['members', 'matching'])
  const checked = await readMemberFilter(context, organizationId, filter)
  const ids = await findMatchingMemberIds(context.tx, organizationId, checked, excludeIds, MAXIMUM_MEMBERS + 1)
  if (ids.length === expectedCount) return ids
  throw new AppError(
    'COUNT_MISMATCH',
    `The filter matches ${ids.length > MAXIMUM_MEMBERS ? 'more than 1,000' : ids.length} members, not ${expectedCount}.`,
    { path: ['members', 'matching', 'expectedCount'] },
  )
}

function tooMany(path: readonly string[]): AppError {
  return new AppError('TOO_MANY', 'At most 1,000 members at once.', { path })
}
