import { randomUUID } from 'node:crypto'

/** A mail as it would have left. */
export interface MailboxMail {
  readonly to: string
  readonly subject: string
  readonly html: string
  readonly text: string
}

/** A mail that was kept. */
export interface KeptMail extends MailboxMail {
  readonly id: string
  readonly keptAt: Date
}

const CAPACITY = 200

/** Takes the mails of a development process without SMTP, in memory: the newest 200. `/dev/mailbox` shows them. */
export class DevelopmentMailbox {
  readonly #mails: KeptMail[] = []

  /** Keeps a mail in place of sending it. */
  add(mail: MailboxMail): void {
    this.#mails.unshift({ ...mail, id: randomUUID(), keptAt: new Date() })
    this.#mails.length = Math.min(this.#mails.length, CAPACITY)
  }

  /** Newest first. */
  list(): readonly KeptMail[] {
    return this.#mails
  }

  get(id: string): KeptMail | null {
    return this.#mails.find((mail) => mail.id === id) ?? null
  }
}
