import { type Actor, notFound, refuse, SYSTEM_ROLES, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { endMembership } from './end-membership'
import { lockMemberOfUser } from './locked-member.store'
import { obstacleTo } from './member-rules.model'
import { findMemberStats } from './member-stats.store'

/**
 * Ends the caller's own membership, joined or suspended, from a session of the organization or from the account side.
 *
 * @returns the member's id
 * @throws NOT_FOUND  the caller is not in it
 * @throws FORBIDDEN  the caller is a key
 * @throws LAST_ADMIN, LAST_WAY_IN  no Admin, or none with recovery codes in SSO mode, would be left
 */
export const leaveOrganization = writeUseCase({
  name: 'leaveOrganization',
  requires: 'anyone',
  organization: (input: { organizationId: string }) => input.organizationId,
  locks: 'update',
  async run(context, { organizationId }): Promise<string> {
    const member = await lockMemberOfUser(context.tx, organizationId, personBehind(context.actor, organizationId))
    if (!member) throw notFound('The organization')
    const { admins } = await findMemberStats(context.tx, organizationId)
    const judged = { ...member, isAdmin: member.roleKey === SYSTEM_ROLES.ADMIN.key, isAbove: false }
    const obstacle = obstacleTo('REMOVE', judged, { admins, actingMemberId: null })
    if (obstacle) throw new AppError(obstacle.reason, obstacle.message)
    await endMembership(context, organizationId, [member], { to: 'REMOVED', action: 'member.left' })
    return member.id
  },
})

// `anyone` decides nothing, so the case does: a session of one organization counts for nothing in another, also where
// row-level security does not hide it.
function personBehind(actor: Actor, organizationId: string): string {
  if (actor.kind === 'account') return actor.userId
  if (actor.kind === 'member' && actor.organizationId === organizationId) return actor.userId
  if (actor.kind === 'key') throw new AppError('FORBIDDEN', 'An API key cannot leave for its person; sign in to leave.')
  refuse(actor.kind === 'operator' ? 'not-found' : 'unauthenticated', 'account')
  throw notFound('The organization')
}
