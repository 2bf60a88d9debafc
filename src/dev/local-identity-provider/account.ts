import { createHash } from 'node:crypto'

/** Somebody who can sign in. */
export type Person = {
  name: string
  email: string
  /** What the claim or attribute `groups` says; none when absent */
  groups?: readonly string[]
}

/** A person as the client sees them: `subject` becomes the claim `sub` or the NameID. */
export type Account = Person & { subject: string }

/**
 * Makes the account of a person. The subject depends on nothing but the e-mail address (case ignored), so that the
 * same person comes back after a restart although nothing is stored.
 *
 * @returns  `subject` of 32 hexadecimal digits
 */
export function accountOf(person: Person): Account {
  const digest = createHash('sha256').update(addressKey(person.email)).digest('hex')
  return { ...person, subject: digest.slice(0, 32) }
}

/** Finds the person with that address (case and surrounding blanks ignored). */
export function findPerson(people: readonly Person[], email: string): Person | undefined {
  return people.find((person) => addressKey(person.email) === addressKey(email))
}

/** The claims or attributes that tell of a person; `sub` and the NameID come beside them. */
export function profileOf({ name, email, groups }: Account) {
  const [first = name, ...others] = name.split(' ')
  return { email, name, given_name: first, family_name: others.join(' ') || first, groups: groups ?? [] }
}

/** By which an address is known, however it is written. */
export function addressKey(email: string): string {
  return email.trim().toLowerCase()
}
