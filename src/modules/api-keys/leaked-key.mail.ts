import { type Mail, renderMail } from '../../platform/mail-layout'

export interface LeakedKeyMail {
  readonly organizationName: string
  readonly keyName: string
  /** The first 8 and the last 4 characters. */
  readonly preview: string
  readonly ownerName: string
}

/** Tells those who look after a key that it was found in public and is dead. */
export function leakedKeyMail({ organizationName, keyName, preview, ownerName }: LeakedKeyMail): Mail {
  return renderMail({
    subject: `API key revoked: ${keyName} was found in public`,
    title: `The API key ${keyName} was revoked`,
    // Where it was found is the word of somebody unknown: it stands in the audit log and not here, as a link to follow.
    paragraphs: [
      `Somebody reported that the API key ${keyName} (${preview}) of ${ownerName} in ${organizationName} can be read by others, and proved it by showing the key. It was revoked at once.`,
      'Programs that used it are refused now: make a new key for them. Look in the audit log for what was done with the old one, and for where it was found.',
    ],
    footer: `You get this mail because you look after this key, or are an Admin of ${organizationName}.`,
  })
}
