import { type Mail, renderMail } from '../../platform/mail-layout'

export interface ScimTokenExpiringMail {
  readonly organizationName: string
  readonly directoryName: string
  /** Its first and last characters. */
  readonly preview: string
  readonly expiresAt: Date
}

/** Tells the Admins of an organization that the token of a directory expires. */
export function scimTokenExpiringMail(facts: ScimTokenExpiringMail): Mail {
  const { organizationName, directoryName, preview, expiresAt } = facts
  const day = expiresAt.toISOString().slice(0, 10)
  return renderMail({
    subject: `The token of ${directoryName} expires on ${day}`,
    title: 'A SCIM token expires',
    paragraphs: [
      `${directoryName} provisions the members of ${organizationName} with the token ${preview}, which expires on ${day}. From then on nobody is added, changed or removed by it.`,
      'Make another token of the directory and enter it at the identity provider: both work until you revoke the old one.',
    ],
    footer: `You get this mail because you are an Admin of ${organizationName}.`,
  })
}
