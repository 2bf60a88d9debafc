import { type OrganizationSession, OWN_ORGANIZATION, type ReadContext, readUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findOwnSignIn, type OwnSignIn } from './own-sign-in.store'

/** How the member who asks stands to a way to sign in of their own; null for whoever did not come through a company. */
export const getOwnSignIn = readUseCase({
  name: 'getOwnSignIn',
  requires: 'member',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, actor }): Promise<OwnSignIn | null> =>
    actor.kind === 'member' ? findOwnSignIn(tx, actor) : Promise.resolve(null),
})

/** Who may connect a way to sign in of their own now. @throws as {@link requireFreshMember} */
export const getMemberWhoConnects = readUseCase({
  name: 'getMemberWhoConnects',
  requires: 'member',
  organization: () => OWN_ORGANIZATION,
  async run(context): Promise<{ userId: string; organizationId: string }> {
    const { userId, organizationId } = await requireFreshMember(context)
    return { userId, organizationId }
  },
})

/**
 * The member who asks, in the session of a company, if they have proven themselves there a moment ago.
 * @throws FORBIDDEN  not in such a session
 * @throws UNAUTHENTICATED  more than a quarter of an hour ago
 */
export async function requireFreshMember({ tx, actor }: ReadContext): Promise<OrganizationSession> {
  const own = actor.kind === 'member' ? await findOwnSignIn(tx, actor) : null
  if (actor.kind !== 'member' || !own)
    throw new AppError('FORBIDDEN', 'Sign in through your company to connect a way to sign in of your own.')
  if (own.isFresh) return actor
  throw new AppError('UNAUTHENTICATED', 'Sign in through your company again: it has been more than 15 minutes.')
}
