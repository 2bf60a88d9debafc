import { AppError } from '../../kernel/errors'

/** Live tokens that one directory may have: the old one and the new one, while the identity provider is given it. */
export const MOST_LIVE_TOKENS = 2

const DAY = 86_400_000
const USUAL_DAYS = 365
const MOST_DAYS = 730

/** When a token ends where nobody says: in a year. */
export function defaultTokenExpiry(now: Date): Date {
  return new Date(now.getTime() + USUAL_DAYS * DAY)
}

/**
 * When a token is to end. It always does (RFC 7644 §7.4); long lives are usual, since nobody renews it by machine.
 *
 * @param asked  null for a year from now
 * @throws INVALID  in the past, or more than two years away
 */
export function checkTokenExpiry(asked: Date | null, now: Date): Date {
  if (!asked) return defaultTokenExpiry(now)
  const path = ['expiresAt']
  if (asked.getTime() <= now.getTime())
    throw new AppError('INVALID', 'A token ends in the future; to end it now, revoke it.', { path })
  if (asked.getTime() > now.getTime() + MOST_DAYS * DAY)
    throw new AppError('INVALID', `A token lives at most ${MOST_DAYS} days.`, { path })
  return asked
}

/** What people recognize a token by: its first 9 and last 4 characters. */
export function tokenPreview(token: string): string {
  return `${token.slice(0, 9)}…${token.slice(-4)}`
}
