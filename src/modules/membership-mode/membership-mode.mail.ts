import { utcText } from '../../kernel/utc-text'
import { type Mail, renderMail } from '../../platform/mail-layout'

export interface MembershipModeMail {
  readonly organizationName: string
  readonly changedByName: string
  readonly to: 'INVITATION' | 'SSO'
  readonly isRevert: boolean
  readonly graceEndsAt: Date | null
  /** Members who have lost their access by it. */
  readonly suspended: number
}

/** Tells the Admins how people come to belong from now on. */
export function membershipModeMail(change: MembershipModeMail): Mail {
  const { organizationName, changedByName, to, isRevert, graceEndsAt, suspended } = change
  const happened = `${changedByName} ${isRevert ? 'switched back' : 'switched'} ${organizationName} to ${to === 'SSO' ? 'single sign-on: members come through the identity provider of the company, and nobody can be invited' : 'invitations: Admins invite by e-mail, and nobody comes in through the identity provider any more'}.`
  const grace = graceEndsAt
    ? [
        `Members who have not linked their sign-in through the company by ${utcText(graceEndsAt)} are suspended then. Role, teams and projects are kept for them.`,
      ]
    : []
  const lost =
    suspended > 0
      ? [`${suspended} members have no account of their own and were suspended; nothing of theirs is lost.`]
      : []
  return renderMail({
    subject: `${organizationName} now uses ${to === 'SSO' ? 'single sign-on' : 'invitations'}`,
    title: to === 'SSO' ? 'Members now come by single sign-on' : 'Members now come by invitation',
    paragraphs: [
      happened,
      ...grace,
      ...lost,
      isRevert
        ? 'If this was not intended, look at the audit log.'
        : 'An Admin can switch back within 90 days. If this was not intended, look at the audit log.',
    ],
    footer: `You get this mail because you are an Admin of ${organizationName}.`,
  })
}

export interface LinkSignInMail {
  readonly organizationName: string
  readonly graceEndsAt: Date
  /** Where the link begins. */
  readonly url: string
}

/** Asks a member to link the sign-in through the company. */
export function linkSignInMail({ organizationName, graceEndsAt, url }: LinkSignInMail): Mail {
  return renderMail({
    subject: `Link your sign-in to ${organizationName}`,
    title: `${organizationName} now uses single sign-on`,
    paragraphs: [
      `You sign in to ${organizationName} through your company from now on. So that your role and projects stay yours, link the new sign-in to your membership once: sign in as until now, then through the company in the same browser.`,
      `Please do so by ${utcText(graceEndsAt)}; your access is suspended after that, until an Admin lets you in again.`,
    ],
    action: { label: 'Link my sign-in', url },
    footer: `You get this mail because you are a member of ${organizationName}.`,
  })
}
