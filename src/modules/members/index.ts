/** Members: a person in one organization, from the invitation to the removal. */
export { type Ending, endMembership } from './end-membership'
export type { EndingReceipt } from './end-membership.store'
export { type JoinedMember, joinMember } from './join-member'
export { type LockedMember, lockMembers } from './locked-member.store'
export { MemberEntity, type MemberSource, type MemberStatus } from './member.entity'
export {
  findJoinedMember,
  insertFounder,
  insertMembers,
  insertUserMembership,
  type JoiningPerson,
  type NewMember,
} from './member.store'
export { type NewAdminMail, newAdminMail } from './new-admin.mail'
export { UserMembershipEntity } from './user-membership.entity'
