import { normalizeEmail } from '../../kernel/email-address'
import { AppError } from '../../kernel/errors'

/** The ways to sign in that an identity can come from. */
export type Provider = 'EMAIL' | 'GOOGLE' | 'GITHUB' | 'LOCAL'

/** What a provider says of the person who has just signed in there. */
export interface ProvenIdentity {
  readonly provider: Provider
  /** The provider's own unchanging id of the person; with `provider` it is the key. */
  readonly subject: string
  /** May be empty. */
  readonly name: string
  /** Addresses that the provider has verified, the main one first; any other address is not passed on. */
  readonly verifiedEmails: readonly string[]
}

const LONGEST_SUBJECT = 255
const LONGEST_NAME = 200
const MOST_EMAILS = 50

/**
 * The identity in the form in which it is stored: addresses normalized and distinct, name on one line.
 * @throws INVALID  the subject is empty or longer than 255 characters (OpenID Connect Core §2)
 */
export function checkIdentity(identity: ProvenIdentity): ProvenIdentity {
  const { provider, subject, name, verifiedEmails } = identity
  if (subject === '' || subject.length > LONGEST_SUBJECT)
    throw new AppError('INVALID', 'The provider did not say who signed in; try again or sign in another way.')
  const emails = verifiedEmails.map(normalizeEmail).filter((email) => email !== null)
  return {
    provider,
    subject,
    name: name
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim()
      .slice(0, LONGEST_NAME),
    verifiedEmails: [...new Set(emails)].slice(0, MOST_EMAILS),
  }
}
