import { type Mail, renderMail } from '../../platform/mail-layout'

export interface ExpiringKeyMail {
  readonly organizationName: string
  readonly keyName: string
  /** The first 8 and the last 4 characters. */
  readonly preview: string
  readonly ownerName: string
  readonly expiresAt: Date
  /** To the hour; null when it was never used. */
  readonly lastUsedAt: Date | null
}

/** Tells those who look after a key that it ends soon. */
export function expiringKeyMail(facts: ExpiringKeyMail): Mail {
  const { organizationName, keyName, preview, ownerName, expiresAt, lastUsedAt } = facts
  const day = dayOf(expiresAt)
  const use = lastUsedAt ? `It was last used on ${dayOf(lastUsedAt)}.` : 'It was never used.'
  return renderMail({
    subject: `The API key ${keyName} expires on ${day}`,
    title: 'An API key expires',
    paragraphs: [
      `The API key ${keyName} (${preview}) of ${ownerName} in ${organizationName} works until ${day}, ${expiresAt.toISOString().slice(11, 16)} UTC. ${use}`,
      'Rotate it before then: its successor has the same owner and permissions, and both work while you change your programs over. If nothing needs it, let it end.',
    ],
    footer: `You get this mail because you look after this key in ${organizationName}.`,
  })
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}
