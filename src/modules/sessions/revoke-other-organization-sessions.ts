import { OWN_ORGANIZATION, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { type EndedSessions, endOtherSessionsOfMember } from './ended-sessions.store'
import { sessionActor } from './session-actor'

/** Ends the member's own sessions of the organization but the one that asks. */
export const revokeOtherOrganizationSessions = writeUseCase({
  name: 'revokeOtherOrganizationSessions',
  requires: 'member',
  organization: () => OWN_ORGANIZATION,
  locks: 'none',
  async run(context, _input: Record<string, never>): Promise<Omit<EndedSessions, 'refreshTokens'>> {
    const { organizationId, memberId, sessionId, name, email } = sessionActor(context)
    const organizationSessions = await endOtherSessionsOfMember(context.tx, organizationId, memberId, sessionId)
    if (organizationSessions > 0)
      context.audit({
        action: 'session.others_revoked',
        targets: [{ type: 'Member', id: toTypeId('Member', memberId), label: name || email }],
      })
    return { accountSessions: 0, organizationSessions }
  },
})
