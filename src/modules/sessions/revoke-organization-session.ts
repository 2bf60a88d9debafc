import { notFound, OWN_ORGANIZATION, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { type EndedSessions, endSessionOfMember } from './ended-sessions.store'
import { sessionActor } from './session-actor'

/**
 * Ends one of the member's own sessions of the organization, as `revokeSession` does for people with an account session.
 * @throws NOT_FOUND  when it is somebody else's, or has ended already
 */
export const revokeOrganizationSession = writeUseCase({
  name: 'revokeOrganizationSession',
  requires: 'member',
  organization: () => OWN_ORGANIZATION,
  locks: 'none',
  async run(context, { sessionId }: { sessionId: string }): Promise<Omit<EndedSessions, 'refreshTokens'>> {
    const { organizationId, memberId } = sessionActor(context)
    if (!(await endSessionOfMember(context.tx, organizationId, memberId, sessionId))) throw notFound('The session')
    context.audit({ action: 'session.revoked', targets: [{ type: 'Session', id: toTypeId('Session', sessionId) }] })
    return { accountSessions: 0, organizationSessions: 1 }
  },
})
