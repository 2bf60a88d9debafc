import type { ErrorCode } from '../../kernel/errors'
import type { MemberStatus } from './member.entity'

/** What can be done to a member. */
export type MemberAction =
  | 'CHANGE_ROLE'
  | 'SUSPEND'
  | 'REACTIVATE'
  | 'REMOVE'
  | 'RESEND_INVITATION'
  | 'REVOKE_INVITATION'

/** What the rules look at. */
export interface JudgedMember {
  id: string
  status: MemberStatus
  isAdmin: boolean
  /** The role allows more than the person who acts may do. */
  isAbove: boolean
  /** A directory that is at work provides the member, and decides about status and membership. */
  isProvided: boolean
  /** The role is one that a rule of that directory gives. */
  hasGivenRole: boolean
  /** How many Admins hold recovery codes, while members come by SSO and the member is one of them; null otherwise. */
  breakGlassAdmins: number | null
}

/** What the rules look at besides the member. */
export interface Surroundings {
  /** Joined members with the Admin role. */
  admins: number
  /** The member who acts; null for the operator. */
  actingMemberId: string | null
  /** Admins with recovery codes whom the same change takes away before; none when absent. */
  breakGlassTaken?: number
}

/** Why something cannot be done to a member. */
export interface Obstacle {
  reason: Extract<
    ErrorCode,
    'WRONG_STATE' | 'FORBIDDEN' | 'MANAGED_BY_DIRECTORY' | 'LAST_ADMIN' | 'LAST_WAY_IN' | 'SELF'
  >
  message: string
}

/** Why a switch of the membership mode suspended somebody; what tells those whom it may let in again. */
export const SUSPENDED_BY_SWITCH = 'The membership mode was switched'

const STATES: Record<MemberAction, readonly MemberStatus[]> = {
  CHANGE_ROLE: ['INVITED', 'JOINED', 'SUSPENDED'],
  SUSPEND: ['JOINED'],
  REACTIVATE: ['SUSPENDED'],
  REMOVE: ['INVITED', 'JOINED', 'SUSPENDED'],
  RESEND_INVITATION: ['INVITED'],
  REVOKE_INVITATION: ['INVITED'],
}

const NOT_TO_ONESELF: ReadonlySet<MemberAction> = new Set(['SUSPEND', 'REMOVE'])

const MANAGED: Obstacle = {
  reason: 'MANAGED_BY_DIRECTORY',
  message: 'The directory decides this. Change it at the identity provider, or pause the directory.',
}

/** What stands in the way of an action, or null. Changing the role of an Admin means taking the Admin role away. */
export function obstacleTo(action: MemberAction, member: JudgedMember, around: Surroundings): Obstacle | null {
  const states = STATES[action]
  if (!states.includes(member.status))
    return {
      reason: 'WRONG_STATE',
      message: `The member is ${member.status}; this needs ${states.join(' or ')}.`,
    }
  if (member.isAbove)
    return { reason: 'FORBIDDEN', message: 'The role of the member allows more than yours; ask an Admin.' }
  if (action === 'CHANGE_ROLE' ? member.hasGivenRole : member.isProvided) return MANAGED
  if (takesAdminAway(action, member) && around.admins <= 1)
    return { reason: 'LAST_ADMIN', message: 'No Admin would be left; make somebody else Admin first.' }
  if (takesAdminAway(action, member) && isLastBreakGlass(member, around))
    return {
      reason: 'LAST_WAY_IN',
      message: 'No Admin with recovery codes would be left; give them to another Admin first (break-glass).',
    }
  if (NOT_TO_ONESELF.has(action) && member.id === around.actingMemberId)
    return { reason: 'SELF', message: 'Nobody does this to themselves; leave the organization instead.' }
  return null
}

// Without one, nobody could let people in again when the company's provider fails.
function isLastBreakGlass({ breakGlassAdmins }: JudgedMember, { breakGlassTaken = 0 }: Surroundings): boolean {
  return breakGlassAdmins !== null && breakGlassAdmins - breakGlassTaken <= 1
}

/** True when the organization has one Admin less afterwards. */
export function takesAdminAway(action: MemberAction, member: JudgedMember): boolean {
  const endsAdmin = action === 'CHANGE_ROLE' || action === 'SUSPEND' || action === 'REMOVE'
  return endsAdmin && member.isAdmin && member.status === 'JOINED'
}
