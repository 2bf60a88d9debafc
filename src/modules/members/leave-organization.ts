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
 * @throws LAST_ADMIN  no Admin would be left
 */
export const leaveOrganization = writeUseCase({
  name: 'leaveOrganization',
  requires: 'anyone',
  organization: (input: { organizationId: string }) => input.organizationId,
  locks: 'update',
  async run(context, { organizationId }): Promise<string> {
    const member = await lockMemberOfUser(context.tx, organizationId, personBehind(context.actor))
    if (!member) throw notFound('The organization')
    const { admins } = await findMemberStats(context.tx, organizationId)
    const judged = { ...member, isAdmin: member.roleKey === SYSTEM_ROLES.ADMIN.key }
    const obstacle = obstacleTo('REMOVE', judged, { admins, actingMemberId: null })
    if (obstacle) throw new AppError(obstacle.reason, obstacle.message)
    await endMembership(context, organizationId, [member], { to: 'REMOVED', action: 'member.left' })
    return member.id
  },
})

function personBehind(actor: Actor): string {
  if (actor.kind === 'account' || actor.kind === 'member') return actor.userId
  refuse(actor.kind === 'anonymous' ? 'unauthenticated' : 'not-found', 'account')
  throw notFound('The organization')
}
