import { utcText } from '../../kernel/utc-text'
import { type Mail, type MailParagraph, renderMail } from '../../platform/mail-layout'

export interface InvitationMail {
  readonly organizationName: string
  readonly invitedByName: string
  readonly roleName: string
  /** The inviter's own words; line breaks are kept. */
  readonly message?: string | null
  /** Absolute link with the token. */
  readonly url: string
  readonly expiresAt: Date
}

/** The letter to an invited person, who may have no account yet. The link only opens a page; opening consumes nothing. */
export function invitationMail(invitation: InvitationMail): Mail {
  const { organizationName, invitedByName, roleName, message, url, expiresAt } = invitation
  const quote: MailParagraph[] = message?.trim() ? [{ quote: message }] : []
  return renderMail({
    subject: `${invitedByName} invites you to ${organizationName}`,
    title: `Join ${organizationName}`,
    paragraphs: [
      `${invitedByName} invites you to join the organization ${organizationName} with the role ${roleName}.`,
      ...quote,
      `Sign in with this e-mail address to accept. The invitation is valid until ${utcText(expiresAt)}.`,
    ],
    action: { label: 'View the invitation', url },
    footer:
      'You get this mail because somebody typed your address. If you did not expect it, ignore it: nothing happens until you accept.',
  })
}
