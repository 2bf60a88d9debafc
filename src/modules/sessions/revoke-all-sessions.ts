import { type AccountSession, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { type EndedSessions, endOtherSessions } from './ended-sessions.store'

/** Ends all sessions of the person but the account session that asks and those opened from it. */
export const revokeAllSessions = writeUseCase({
  name: 'revokeAllSessions',
  requires: 'account',
  organization: () => null,
  locks: 'none',
  async run(context, _input: Record<string, never>): Promise<EndedSessions> {
    const { userId, sessionId, name, email } = context.actor as AccountSession
    const ended = await endOtherSessions(context.tx, userId, sessionId)
    if (ended.accountSessions + ended.organizationSessions > 0)
      context.audit({
        action: 'session.others_revoked',
        targets: [{ type: 'User', id: toTypeId('User', userId), label: name || email }],
      })
    return ended
  },
})
