/** A JSON object that the protocol made; nothing here looks into it. */
export type Document = Readonly<Record<string, unknown>>

/** An element of `emails` or `phoneNumbers`, by which people are looked up. */
export interface IndexedValue {
  /** As the schema spells it. */
  readonly attribute: string
  readonly position: number
  readonly typeKey: string | null
  readonly valueKey: string
}

/** A person as the client wrote them, in our words; made by scim/provider. Keys are made by the protocol's caseKey. */
export interface DirectoryUserDraft {
  readonly userName: string
  readonly userNameKey: string
  readonly externalId: string | null
  readonly active: boolean
  /** What is kept as it was sent: a JSON object, as text. */
  readonly doc: string
  /** The same in comparable form. */
  readonly comparable: Document
  readonly values: readonly IndexedValue[]
  /** For people, one line; may be empty. */
  readonly name: string
  /** Normalized, at most two, in the order in which they may become the member's. */
  readonly emails: readonly string[]
}

/** A person of a directory as it is stored. */
export interface DirectoryUser {
  readonly id: string
  readonly userName: string
  readonly externalId: string | null
  readonly active: boolean
  readonly memberId: string
  /** As in the draft. */
  readonly doc: string
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A group that a person is in; `direct` when the group names the person itself. */
export interface GroupOfUser {
  readonly userId: string
  readonly id: string
  readonly displayName: string
  readonly isDirect: boolean
}

/** What an answer shows of a person; groups where they are wanted, null or undefined for none. */
export type ShownUser = Pick<DirectoryUser, 'id' | 'doc' | 'version' | 'createdAt' | 'updatedAt'> & {
  readonly groups?: readonly GroupOfUser[] | null
}

/**
 * The first address that is free becomes the member's. Whoever has none is given one under `.invalid` (RFC 2606 §2), which
 * no mail reaches: members have an address each.
 *
 * @param taken  addresses of other members
 */
export function memberEmail(candidates: readonly string[], taken: ReadonlySet<string>, id: string): string {
  return candidates.find((email) => !taken.has(email)) ?? `${id}@directory.invalid`
}
