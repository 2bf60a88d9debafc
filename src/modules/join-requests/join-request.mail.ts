import { type Mail, renderMail } from '../../platform/mail-layout'

export interface JoinRequestMail {
  readonly organizationName: string
  readonly name: string
  readonly email: string
  readonly message: string | null
  /** Where the Admin goes on. */
  readonly url: string
}

/** Tells the Admins that somebody asks to be let in. */
export function joinRequestMail({ organizationName, name, email, message, url }: JoinRequestMail): Mail {
  return renderMail({
    subject: `${name} asks to join ${organizationName}`,
    title: `${name} asks to join ${organizationName}`,
    paragraphs: [
      `${name} has an address of a domain of yours (${email}) and asks to become a member.`,
      ...(message ? [`“${message}”`] : []),
      'Nobody is let in until you decide.',
    ],
    action: { label: `Go to ${organizationName}`, url },
    footer: `You get this mail because you are an Admin of ${organizationName}.`,
  })
}

export interface JoinRequestDecidedMail {
  readonly organizationName: string
  readonly isApproved: boolean
  readonly url: string
}

/** Tells a person what became of their request. */
export function joinRequestDecidedMail({ organizationName, isApproved, url }: JoinRequestDecidedMail): Mail {
  return renderMail({
    subject: isApproved ? `Welcome to ${organizationName}` : `Your request to join ${organizationName}`,
    title: isApproved ? `You are a member of ${organizationName}` : 'Your request was declined',
    paragraphs: [
      isApproved
        ? `An Admin of ${organizationName} has let you in.`
        : `An Admin of ${organizationName} has declined your request. If you think that this is a mistake, ask them in person.`,
    ],
    action: { label: 'Go to your organizations', url },
    footer: `You get this mail because you asked to join ${organizationName}.`,
  })
}
