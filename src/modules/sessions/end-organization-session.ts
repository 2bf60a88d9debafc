import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { endSessionOfMember } from './ended-sessions.store'
import { sessionActor } from './session-actor'

/**
 * Signs a member out of the session that asks. Sessions that began with SSO have no account session to end them by.
 * @throws UNAUTHENTICATED  when it had ended already
 */
export const endOrganizationSession = writeUseCase({
  name: 'endOrganizationSession',
  requires: 'member',
  organization: () => OWN_ORGANIZATION,
  locks: 'none',
  async run(context, _input: Record<string, never>): Promise<void> {
    const { organizationId, memberId, sessionId } = sessionActor(context)
    await endSessionOfMember(context.tx, organizationId, memberId, sessionId)
    context.audit({ action: 'session.ended', targets: [{ type: 'Session', id: toTypeId('Session', sessionId) }] })
  },
})
