/** Invitations: the letters by which people come to belong. */
export { type InvitationMail, invitationMail } from './invitation.mail'
export { recordDelivery } from './record-delivery'
