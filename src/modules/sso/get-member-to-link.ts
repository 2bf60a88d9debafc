import { type ReadContext, readUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findMemberToLink } from './member-to-link.store'

/** The member who is about to link a company sign-in. */
export interface MemberWhoLinks {
  memberId: string
  name: string
  email: string
}

/** The same as {@link memberWhoLinks}, for the page that explains what is going to happen. */
export const getMemberToLink = readUseCase({
  name: 'getMemberToLink',
  requires: 'anyone',
  organization: (input: { organizationId: string }) => input.organizationId,
  run: (context): Promise<MemberWhoLinks> => memberWhoLinks(context),
})

/**
 * Whoever links must be a member who has signed in a moment ago.
 * @throws UNAUTHENTICATED  not a joined member, or signed in more than a quarter of an hour ago
 */
export async function memberWhoLinks({ tx, actor, organizationId }: ReadContext): Promise<MemberWhoLinks> {
  const isPerson = actor.kind === 'account' || actor.kind === 'member'
  const memberId = isPerson ? await findMemberToLink(tx, organizationId, actor) : null
  if (isPerson && memberId) return { memberId, name: actor.name, email: actor.email }
  throw new AppError('UNAUTHENTICATED', 'Sign in again as the member who links a company sign-in.')
}
