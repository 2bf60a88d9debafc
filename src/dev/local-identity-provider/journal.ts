import type { Answer } from './answers'

/** One thing that a company's provider did. */
export type JournalEntry = {
  at: Date
  protocol: 'OIDC' | 'SAML'
  /** Address of the person */
  email: string
  /** How a sign-in was answered, or a back-channel logout */
  what: Answer | 'logout'
  /** To whom: a redirect URI, an ACS URL or a logout URI */
  to: string
  /** What came of it, where that is not the answer alone */
  remark?: string
}

const CAPACITY = 100

/** What a company's provider did, newest first: the last hundred. */
export class Journal {
  readonly #entries: JournalEntry[] = []

  add(entry: Omit<JournalEntry, 'at'>): void {
    this.#entries.unshift({ at: new Date(), ...entry })
    this.#entries.length = Math.min(this.#entries.length, CAPACITY)
  }

  list(): readonly JournalEntry[] {
    return this.#entries
  }
}
