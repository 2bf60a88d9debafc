import { createTransport } from 'nodemailer'

/** One mail, complete. */
export interface OutgoingMail {
  /** One address. */
  readonly to: string
  readonly subject: string
  readonly html: string
  readonly text: string
  /** Stays the same when a mail is sent again, so that duplicates can be recognised: `<…@…>` (RFC 5322 §3.6.4). */
  readonly messageId: string
}

/** Hands mails to a server. */
export interface Mailer {
  /** @throws MailRefused  when another attempt cannot succeed; any other error may pass */
  send(mail: OutgoingMail): Promise<void>
  /** Closes idle connections; mails on their way still go out. */
  close(): void
}

/** The server refuses this mail for good (RFC 5321 §4.2.1, 5yz). The message is what the server said. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}

/** Mails sent at the same time; each has a connection of its own, which is used again. */
export const MAIL_CONNECTIONS = 6
const CONNECT_MILLISECONDS = 10_000
const SILENCE_MILLISECONDS = 20_000
const MESSAGES_PER_CONNECTION = 100
const LONGEST_REASON = 300

/**
 * Speaks to the server of SMTP_URL over pooled connections.
 *
 * @param smtpUrl  `smtps://` is encrypted from the first byte, `smtp://` as soon as the server offers it
 * @param from  the sender, `Name <address>` or a bare address
 */
export function createMailer(smtpUrl: string, from: string): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: MAIL_CONNECTIONS,
    maxMessages: MESSAGES_PER_CONNECTION,
    connectionTimeout: CONNECT_MILLISECONDS,
    greetingTimeout: CONNECT_MILLISECONDS,
    dnsTimeout: CONNECT_MILLISECONDS,
    socketTimeout: SILENCE_MILLISECONDS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, subject, html, text, messageId }) {
      // As an object, so that nothing in it is parsed into further recipients.
      const recipient = { name: '', address: to }
      const headers = { 'Auto-Submitted': 'auto-generated' }
      try {
        await transport.sendMail({ from, to: recipient, subject, html, text, messageId, headers })
      } catch (error) {
        throw isPermanent(error) ? new MailRefused(reasonOf(error)) : new Error(reasonOf(error))
      }
    },
    close: () => transport.close(),
  }
}

interface SmtpError {
  readonly code?: string
  readonly command?: string
  readonly response?: string
  readonly responseCode?: number
}

/**
 * Only what the server says about the recipient or the mail is final. A refused login, greeting or sender is a setting
 * that somebody will mend, so those mails wait.
 */
function isPermanent(error: unknown): boolean {
  const { code, command, responseCode } = error as SmtpError
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return false
  if (command === 'API') return true
  return command !== 'MAIL FROM' && responseCode !== undefined && responseCode >= 500
}

/** What an Admin is shown: the server's answer, or why there is none. Never anything of the mail itself. */
function reasonOf(error: unknown): string {
  const { response, code } = error as SmtpError
  const reason = response ?? (error instanceof Error ? error.message : String(code))
  return reason.replace(/\s+/g, ' ').slice(0, LONGEST_REASON)
}
