/** Invitations: letters that turn invited members into joined ones, from the address list to the answer. */
export { acceptInvitation } from './accept-invitation'
export type { InvitationAnswer } from './answer'
export { createInvitationLink } from './create-invitation-link'
export { declineInvitation } from './decline-invitation'
export { getInvitations, getInvitationsOfMembers } from './get-invitations'
export { InvitationEntity } from './invitation.entity'
export { type InvitationMail, invitationMail } from './invitation.mail'
export {
  checkInvitationDraft,
  type GrantDraft,
  type InvitationDraft,
  type InvitationOutcome,
} from './invitation.model'
export type { InvitationRow, InvitationStatus } from './invitation.store'
export { InvitationAddressEntity } from './invitation-address.entity'
export { type InvitationResult, inviteAddresses } from './invite-addresses'
export { inviteMembers } from './invite-members'
export { isLinkOfInvitation } from './letter-link'
export { countInvitations, listInvitations } from './list-invitations'
export { listMyInvitations } from './list-my-invitations'
export { previewInvitation } from './preview-invitation'
export type { ReceivedInvitation } from './received-invitation.store'
export { recordDelivery } from './record-delivery'
export { resendInvitations } from './resend-invitations'
export { revokeInvitations } from './revoke-invitations'
export type { SelectionResult } from './selected-invitations'
export { updateInvitation } from './update-invitation'
