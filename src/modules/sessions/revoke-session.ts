import { type AccountSession, notFound, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { type EndedSessions, endSession } from './ended-sessions.store'

/**
 * Ends one of the person's own sessions; an account session takes the organization sessions opened from it along.
 * @throws NOT_FOUND  when it is somebody else's, or has ended already
 */
export const revokeSession = writeUseCase({
  name: 'revokeSession',
  requires: 'account',
  organization: () => null,
  locks: 'none',
  async run(context, { sessionId }: { sessionId: string }): Promise<EndedSessions> {
    const { userId } = context.actor as AccountSession
    const ended = await endSession(context.tx, userId, sessionId)
    if (ended.accountSessions + ended.organizationSessions === 0) throw notFound('The session')
    context.audit({ action: 'session.revoked', targets: [{ type: 'Session', id: toTypeId('Session', sessionId) }] })
    return ended
  },
})
