import type { WriteContext } from '../../access'
import { type HeldMember, writeMemberProfile } from '../members'
import type { DirectoryUserDraft } from './directory-user.model'
import type { InDirectory } from './directory-user.store'
import { findMembersByEmail } from './member-match.store'

/** Gives a member the name and address that the directory says, unless another member has the address. @param member  locked */
export async function followProfile(
  { tx }: WriteContext,
  place: InDirectory,
  member: HeldMember,
  { name, emails, userNameKey }: DirectoryUserDraft,
): Promise<void> {
  const taken = await findMembersByEmail(tx, place, emails, userNameKey)
  const free = emails.find((email) => !taken.some((other) => other.email === email && other.id !== member.id))
  const after = { id: member.id, name: name || member.name, email: free ?? member.email }
  if (after.name === member.name && after.email === member.email) return
  await writeMemberProfile(tx, place.organizationId, after)
}
