import { type AccountSession, actorLabel, notFound, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { endJoinRequests, lockJoinRequests } from './join-request.store'
import { joinRequestAudit } from './join-request-audit'

/**
 * Takes back an own request that waits.
 * @throws NOT_FOUND  it does not exist, or is somebody else's
 * @throws WRONG_STATE  it was decided meanwhile
 */
export const cancelJoinRequest = writeUseCase({
  name: 'cancelJoinRequest',
  requires: 'account',
  organization: (input: { organizationId: string; requestId: string }) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, requestId }): Promise<void> {
    const { tx, actor } = context
    const request = (await lockJoinRequests(tx, organizationId, [requestId])).get(requestId)
    if (!request || request.userId !== (actor as AccountSession).userId) throw notFound('The request')
    if (request.status !== 'PENDING')
      throw new AppError('WRONG_STATE', `This request was ${request.status.toLowerCase()} already.`)
    const end = { status: 'CANCELLED', byId: request.userId, byName: actorLabel(actor) } as const
    await endJoinRequests(tx, organizationId, [requestId], end)
    context.audit(joinRequestAudit('join_request.cancelled', request))
  },
})
