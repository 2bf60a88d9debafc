import { type AccountSession, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { type EndedSessions, endSession } from './ended-sessions.store'

/**
 * Signs a person out: ends the account session that asks and every organization session opened from it.
 * @throws UNAUTHENTICATED  when it had ended already
 */
export const endAccountSession = writeUseCase({
  name: 'endAccountSession',
  requires: 'account',
  organization: () => null,
  locks: 'none',
  async run(context, _input: Record<string, never>): Promise<EndedSessions> {
    const { userId, sessionId } = context.actor as AccountSession
    const ended = await endSession(context.tx, userId, sessionId)
    context.audit({ action: 'session.ended', targets: [{ type: 'Session', id: toTypeId('Session', sessionId) }] })
    return ended
  },
})
