import type { WriteContext } from '../../access'
import { emailDomain } from '../../kernel/email-address'
import { findOrganizationOfDomain } from '../domains'
import type { DirectorySettings } from './directory-settings.store'
import type { DirectoryUserDraft } from './directory-user.model'
import type { InDirectory } from './directory-user.store'
import { findMembersByEmail, type MatchedMember, type NewConflict } from './member-match.store'

/** What becomes of somebody who is pushed for the first time. */
export type MemberMatch =
  /** Nobody has the address: a new member. `taken` are addresses that other people of this directory have. */
  | { readonly kind: 'none'; readonly taken: ReadonlySet<string> }
  /** The directory takes over a member that is there. */
  | { readonly kind: 'adopt'; readonly memberId: string }
  /** An Admin has to decide first. */
  | { readonly kind: 'conflict'; readonly member: MatchedMember; readonly reason: NewConflict['reason'] }

/**
 * Looks for the member that a pushed person is. An address that another person of the same directory has is no match:
 * addresses need not be unique in SCIM.
 */
export async function matchMember(
  { tx, organizationId }: WriteContext,
  place: InDirectory,
  draft: DirectoryUserDraft,
  { adoptsVerifiedDomains }: DirectorySettings,
): Promise<MemberMatch> {
  const found = await findMembersByEmail(tx, place, draft.emails, draft.userNameKey)
  const member = found.find(({ directoryId }) => directoryId !== place.directoryId)
  if (!member) return { kind: 'none', taken: new Set(found.map(({ email }) => email)) }
  if (member.directoryId) return { kind: 'conflict', member, reason: 'OTHER_DIRECTORY' }
  if (member.decision === 'CONFIRMED') return { kind: 'adopt', memberId: member.id }
  if (!adoptsVerifiedDomains || member.decision === 'REJECTED')
    return { kind: 'conflict', member, reason: 'CONFIRMATION' }
  const isProven = (await findOrganizationOfDomain(tx, emailDomain(member.email))) === organizationId
  return isProven ? { kind: 'adopt', memberId: member.id } : { kind: 'conflict', member, reason: 'UNPROVEN_DOMAIN' }
}
