import { createHash } from 'node:crypto'
import { canonicalJson } from '../../access'
import { AppError } from '../../kernel/errors'
import type { MembershipMode } from '../organizations'

/** What a switch would mean for one member. */
export type SwitchOutcome =
  | 'KEEP'
  | 'MUST_LINK_IDENTITY'
  | 'LOSES_ACCESS'
  | 'BREAK_GLASS'
  | 'INVITATION_REVOKED'
  | 'UNAFFECTED'

/** What is asked for, before anybody has looked whether it is possible. */
export interface SwitchPlan {
  organizationId: string
  to: MembershipMode
  /** UUIDs of the connections to begin with; null for all that have passed their test. For SSO only. */
  providerIds: readonly string[] | null
  /** UUIDs of the Admins who keep another way in. For SSO only. */
  breakGlassMemberIds: readonly string[]
}

/** A connection or directory that a switch starts or stops. */
export interface SwitchedParty {
  id: string
  name: string
}

/** Everything that a switch depends on and leads to, as it stands now. */
export interface SwitchFacts {
  from: MembershipMode
  starts: readonly SwitchedParty[]
  stops: readonly SwitchedParty[]
  stopsDirectories: readonly SwitchedParty[]
  /** What has to be solved first; each says how. */
  blockers: readonly AppError[]
  outcomes: Readonly<Record<SwitchOutcome, number>>
}

/** How long a preview can be acted upon. */
export const PREVIEW_MINUTES = 15
/** How long a switch can be taken back. */
export const REVERTIBLE_DAYS = 90
/** Time to link a sign-in through the company, when nothing is said. */
export const USUAL_GRACE_HOURS = 168
const LONGEST_GRACE_HOURS = 720

/**
 * Binds a preview to what it showed. The token holds no secret: whoever can make it knows everything that the preview shows.
 * @param expiresAt  to the second
 */
export function previewToken(plan: SwitchPlan, facts: SwitchFacts, expiresAt: Date): string {
  const { organizationId, to, breakGlassMemberIds } = plan
  const { blockers, ...shown } = facts
  const expiry = Math.floor(expiresAt.getTime() / 1000).toString(36)
  const bound = {
    ...shown,
    organizationId,
    to,
    expiry,
    breakGlassMemberIds: [...breakGlassMemberIds].sort(),
    blockers: blockers.map(({ code, message }) => [code, message]),
  }
  return `${expiry}.${createHash('sha256').update(canonicalJson(bound)).digest('base64url')}`
}

/**
 * Does nothing when the token is that of a preview which would show the same now.
 * @throws CONFLICT  something has changed since, or the preview is too old
 */
export function requirePreviewed(token: string, plan: SwitchPlan, facts: SwitchFacts): void {
  const expiresAt = new Date(Number.parseInt(token.split('.', 1)[0]!, 36) * 1000)
  const isLive = expiresAt.getTime() > Date.now() && expiresAt.getTime() <= Date.now() + PREVIEW_MINUTES * 60_000
  if (isLive && token === previewToken(plan, facts, expiresAt)) return
  throw new AppError(
    'CONFLICT',
    'What the preview showed has changed since, or it is too old: look at membershipModePreview again.',
    { path: ['input', 'previewToken'] },
  )
}

/** When members must have linked their sign-in. @throws INVALID  outside 1 hour to 30 days */
export function graceEnd(hours: number): Date {
  if (hours >= 1 && hours <= LONGEST_GRACE_HOURS) return new Date(Date.now() + hours * 3_600_000)
  throw new AppError('INVALID', `Give members 1 to ${LONGEST_GRACE_HOURS} hours.`, { path: ['input', 'graceHours'] })
}
