/** Members: a person in one organization, from the invitation to the removal. */
export { type AddMember, addMember } from './add-member'
export { findAdminAddresses } from './admin-addresses.store'
export { announceNewAdmins } from './announce-new-admins'
export type { ChangeMembers, MemberSelection, MembersChanged } from './change-members'
export { countersBetween, type Ending, endMembership, memberTarget } from './end-membership'
export type { EndingReceipt, NamedKey } from './end-membership.store'
export {
  getMemberStats,
  getMemberSurroundings,
  getMembers,
  getProvidedMembers,
  getRoleMemberCounts,
  getViewerMembership,
  type MemberSurroundings,
} from './get-members'
export { giveRole } from './give-role'
export { type JoinedMember, joinMember } from './join-member'
export { leaveOrganization } from './leave-organization'
export { liftMemberBlock } from './lift-member-block'
export { listMemberBlocks } from './list-member-blocks'
export { countMembers, type ListMembers, listMembers } from './list-members'
export { type HeldMember, type LockedMember, lockMembers } from './locked-member.store'
export { MemberEntity, type MemberSource, type MemberStatus } from './member.entity'
export {
  findJoinedMember,
  insertFounder,
  insertMembers,
  insertUserMembership,
  type JoiningPerson,
  type NewMember,
  writeMemberProfile,
} from './member.store'
export { type BlockReason, blockMembers, liftMemberBlocks, type MemberBlock } from './member-block.store'
export type { MemberFilter, MemberOrder, MemberOrderField } from './member-filter.model'
export type { MemberRow } from './member-page.store'
export { type MemberAction, obstacleTo, SUSPENDED_BY_SWITCH } from './member-rules.model'
export { searchable } from './member-search-text'
export { findMemberStats, type MemberStats } from './member-stats.store'
export { type NewAdminMail, newAdminMail } from './new-admin.mail'
export { beginToProvisionMember, type ProvisionMember, provisionMember } from './provision-member'
export { reactivateMembers, restoreMembership } from './reactivate-members'
export { type MembersRemoved, type RemoveMembers, removeMembers } from './remove-members'
export { type SetMembersRole, setMembersRole } from './set-members-role'
export { suspendAtOnce } from './suspend-at-once'
export { suspendForDirectory } from './suspend-for-directory'
export { type SuspendMembers, suspendMembers } from './suspend-members'
export { type MemberProfile, takeOverProfile } from './take-over-profile'
export { UserMembershipEntity } from './user-membership.entity'
