import { type Mail, renderMail } from '../../platform/mail-layout'

export interface OwnSignInMail {
  readonly organizationName: string
  /** From where it was done, as far as known. */
  readonly ip: string | null
}

/** Tells a member that they can sign in without the company from now on: a stolen session must not do that in silence. */
export function ownSignInMail({ organizationName, ip }: OwnSignInMail): Mail {
  const from = ip ? ` from ${ip}` : ''
  return renderMail({
    subject: `A way to sign in of your own was connected`,
    title: 'A way to sign in of your own',
    paragraphs: [
      `You are a member of ${organizationName} through the sign-in of your company. After such a sign-in${from}, a way to sign in of your own was connected to you.`,
      `While members of ${organizationName} come through the company, it opens nothing there. If that ever changes, it is how you get in.`,
      `If it was not you, tell an Admin of ${organizationName} at once: somebody has signed in as you at your company.`,
    ],
    footer: `You get this mail because you are a member of ${organizationName}.`,
  })
}
