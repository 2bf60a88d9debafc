import { type Mail, renderMail } from '../../platform/mail-layout'

export interface BreakGlassMail {
  readonly organizationName: string
  readonly event: 'ISSUED' | 'USED'
  readonly adminName: string
  readonly codesLeft: number
  readonly ip: string | null
}

/** Tells the Admins that somebody got recovery codes, or came in by one. */
export function breakGlassMail({ organizationName, event, adminName, codesLeft, ip }: BreakGlassMail): Mail {
  const from = ip ? ` from ${ip}` : ''
  const happened =
    event === 'USED'
      ? `${adminName} signed in to ${organizationName} by a recovery code${from}. ${codesLeft} of the codes are left.`
      : `${adminName} was given ${codesLeft} new recovery codes for ${organizationName}${from}. Older ones do not work any more.`
  return renderMail({
    subject:
      event === 'USED' ? `Recovery code used in ${organizationName}` : `New recovery codes in ${organizationName}`,
    title: event === 'USED' ? 'A recovery code was used' : 'New recovery codes',
    paragraphs: [
      happened,
      'A recovery code lets an Admin in while the identity provider of the company is not available. If nobody of you did this, replace the codes, end the sessions of this Admin and look at the audit log.',
    ],
    footer: `You get this mail because you are an Admin of ${organizationName}.`,
  })
}
