import type { WriteContext } from '../../access'
import { emailDomain } from '../../kernel/email-address'
import { findOrganizationOfDomain } from '../domains'
import type { DirectorySettings } from './directory-settings.store'
import type { InDirectory } from './directory-user.store'
import type { MatchedMember, NewConflict } from './member-match.store'

/** What becomes of somebody who is pushed for the first time. */
export type MemberMatch =
  /** Nobody has the address: a new member. `taken` are addresses that other people of this directory have. */
  | { readonly kind: 'none'; readonly taken: ReadonlySet<string> }
  /** The directory takes over a member that is there. */
  | { readonly kind: 'adopt'; readonly memberId: string }
  /** An Admin has to decide first. */
  | { readonly kind: 'conflict'; readonly member: MatchedMember; readonly reason: NewConflict['reason'] }

/**
 * Decides which member a pushed person is. An address that another person of the same directory has is no match:
 * addresses need not be unique in SCIM.
 *
 * @param found  members with an address of the person
 */
export async function matchMember(
  { tx, organizationId }: WriteContext,
  place: InDirectory,
  found: readonly MatchedMember[],
  { adoptsVerifiedDomains }: DirectorySettings,
): Promise<MemberMatch> {
  const member = found.find(({ directoryId }) => directoryId !== place.directoryId)
  if (!member) return { kind: 'none', taken: new Set(found.map(({ email }) => email)) }
  if (member.directoryId) return { kind: 'conflict', member, reason: 'OTHER_DIRECTORY' }
  if (member.decision === 'CONFIRMED') return { kind: 'adopt', memberId: member.id }
  if (!adoptsVerifiedDomains || member.decision === 'REJECTED')
    return { kind: 'conflict', member, reason: 'CONFIRMATION' }
  const isProven = (await findOrganizationOfDomain(tx, emailDomain(member.email))) === organizationId
  return isProven ? { kind: 'adopt', memberId: member.id } : { kind: 'conflict', member, reason: 'UNPROVEN_DOMAIN' }
}
