/** Installation: what holds for all organizations together. */
export { applyMembershipPolicy } from './apply-membership-policy'
export { getMembershipPolicy } from './get-membership-policy'
export type { MembershipPolicy } from './membership-policy.store'
