import { AppError } from '../../kernel/errors'
import { singleLine } from '../../kernel/single-line'

/** Whose key it is, as the table says. */
export type ApiKeyOwnerKind = 'MEMBER' | 'SERVICE_ACCOUNT' | 'PROJECT'

/** Whether a key works. */
export type ApiKeyStatus = 'ACTIVE' | 'EXPIRED' | 'REVOKED'

/** Why a key was revoked. */
export type ApiKeyRevocationReason = 'REVOKED' | 'ROTATED' | 'LEAKED' | 'MEMBER_ENDED' | 'SERVICE_ACCOUNT_DISABLED'

/** Live keys that one owner may have at a time. */
export const MOST_LIVE_KEYS = 100
/** Permissions that one key may name. */
export const MOST_PERMISSIONS = 200

const NAME_LENGTH = 100
const DAY_MILLISECONDS = 86_400_000
const MOST_OVERLAP_HOURS = 168

/** The name of a key. @throws REQUIRED, TOO_LONG */
export function checkKeyName(name: string): string {
  const path = ['input', 'name']
  const checked = singleLine(name)
  if (!checked) throw new AppError('REQUIRED', 'A key needs a name, so that people know what would break.', { path })
  if (checked.length > NAME_LENGTH)
    throw new AppError('TOO_LONG', `A name has at most ${NAME_LENGTH} characters.`, { path })
  return checked
}

/**
 * When a key is to end.
 *
 * @param asked  null for never, which becomes the longest life where the organization has set one
 * @param life.startsAt  when the key was made
 * @param life.maximumDays  the longest life that the organization allows; null for any
 * @throws INVALID  in the past, or longer than the organization allows
 */
export function checkKeyExpiry(asked: Date | null, life: { startsAt: Date; maximumDays: number | null }): Date | null {
  const latest =
    life.maximumDays === null ? null : new Date(life.startsAt.getTime() + life.maximumDays * DAY_MILLISECONDS)
  const path = ['input', 'expiresAt']
  if (!asked) return latest
  if (asked.getTime() <= Date.now())
    throw new AppError('INVALID', 'A key ends in the future; to end it now, revoke it.', { path })
  if (latest && asked > latest)
    throw new AppError('INVALID', `Keys of this organization live at most ${life.maximumDays} days.`, { path })
  return asked
}

/** When the successor of a key ends: it lives as long as the old one was meant to, within what is allowed now. */
export function successorExpiry(
  old: { createdAt: Date; expiresAt: Date | null },
  now: Date,
  maximumDays: number | null,
): Date | null {
  const ends = [
    old.expiresAt && now.getTime() + (old.expiresAt.getTime() - old.createdAt.getTime()),
    maximumDays === null ? null : now.getTime() + maximumDays * DAY_MILLISECONDS,
  ].filter((end) => end !== null)
  return ends.length === 0 ? null : new Date(Math.min(...ends))
}

/** @throws INVALID  outside 0..168 hours */
export function checkOverlap(hours: number): number {
  if (hours >= 0 && hours <= MOST_OVERLAP_HOURS) return hours
  throw new AppError('INVALID', `The old key lives on for 0 to ${MOST_OVERLAP_HOURS} hours.`, {
    path: ['overlapHours'],
  })
}

/** What people recognize a key by: the first 8 and the last 4 characters. */
export function previewOf(token: string): string {
  return `${token.slice(0, 8)}…${token.slice(-4)}`
}
