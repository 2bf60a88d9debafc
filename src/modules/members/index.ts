/** Members: a person in one organization, from the invitation to the removal. */
export { MemberEntity, type MemberSource, type MemberStatus } from './member.entity'
export { insertFounder, insertUserMembership, type JoiningPerson } from './member.store'
export { UserMembershipEntity } from './user-membership.entity'
