import { type Mail, renderMail } from '../../platform/mail-layout'

export interface CertificateExpiringMail {
  readonly organizationName: string
  readonly providerName: string
  readonly subject: string
  /** SHA-256, hex. */
  readonly fingerprint: string
  readonly notAfter: Date
}

/** Tells the Admins of an organization that a signing certificate of their identity provider expires. */
export function certificateExpiringMail(facts: CertificateExpiringMail): Mail {
  const { organizationName, providerName, subject, fingerprint, notAfter } = facts
  const day = notAfter.toISOString().slice(0, 10)
  return renderMail({
    subject: `The certificate of ${providerName} expires on ${day}`,
    title: 'A signing certificate expires',
    paragraphs: [
      `Members of ${organizationName} sign in by ${providerName}. Its certificate ${subject} (SHA-256 ${fingerprint}) expires on ${day}.`,
      'Add the new certificate to the connection before the provider signs with it, or read its metadata anew: both are trusted until you retire the old one.',
    ],
    footer: `You get this mail because you are an Admin of ${organizationName}.`,
  })
}
