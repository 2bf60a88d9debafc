import { type Mail, renderMail } from '../../platform/mail-layout'

export interface AdminlessMail {
  readonly organizationName: string
  /** The last Admin. */
  readonly memberName: string
  readonly directoryName: string
}

/** Says that the identity provider has taken away the last Admin, and what helps. */
export function adminlessMail({ organizationName, memberName, directoryName }: AdminlessMail): Mail {
  return renderMail({
    subject: `Nobody administers ${organizationName} any more`,
    title: `${organizationName} has no Admin`,
    paragraphs: [
      `The directory ${directoryName} took away the access of ${memberName}, the last Admin of ${organizationName}. Access that an identity provider takes away ends at once, also that of an Admin.`,
      'To administer it again, activate an Admin at the identity provider, sign in with a recovery code (break-glass), or ask whoever runs this installation to make somebody Admin.',
    ],
    footer: `You get this mail because you can help ${organizationName}: it goes to its billing address and to its break-glass Admins.`,
  })
}
