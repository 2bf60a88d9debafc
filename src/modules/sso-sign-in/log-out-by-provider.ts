import { type WriteContext, writeUseCase } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { type EndedByProvider, endSessionsByProvider, type LoggedOut } from './provider-logout.store'
import { useMessage } from './sso-identity.store'

/** What a provider has said, proven to be from it. */
export interface LogOutByProvider extends LoggedOut {
  readonly organizationId: string
  readonly providerId: string
  /** `jti` of the logout token, and until when it would be believed. */
  readonly message: { readonly id: string; readonly expiresAt: Date }
}

/**
 * Ends sessions because their identity provider says so (OpenID Connect Back-Channel Logout 1.0 §2.7): only sessions that
 * were opened by this connection, whatever it says, and with them the tokens of applications that live by those.
 *
 * @returns  how many; null when the message was used before, and nothing has changed
 */
export const logOutByProvider = writeUseCase({
  name: 'logOutByProvider',
  requires: 'anyone',
  organization: ({ organizationId }: LogOutByProvider) => organizationId,
  locks: 'share',
  // The message is remembered also where it finds nobody.
  unaudited: true,
  async run(context, { organizationId, providerId, message, ...whom }): Promise<number | null> {
    // Assertions have a space of names of their own.
    const used = { ...message, id: `logout:${message.id}` }
    if (!(await useMessage(context.tx, organizationId, providerId, used))) return null
    const ended = await endSessionsByProvider(context.tx, organizationId, providerId, whom)
    for (const session of ended) auditEndByProvider(context, providerId, session, 'LOGOUT')
    return ended.length
  },
})

/** Says in the audit log that a provider has ended a session, and by what. */
export function auditEndByProvider(
  context: WriteContext,
  providerId: string,
  { sessionId, memberId, name }: EndedByProvider,
  reason: 'LOGOUT' | 'INVALID_GRANT',
): void {
  context.audit({
    action: 'session.ended_by_provider',
    targets: [
      { type: 'Session', id: toTypeId('Session', sessionId) },
      { type: 'Member', id: toTypeId('Member', memberId), label: name },
      { type: 'SsoProvider', id: toTypeId('SsoProvider', providerId) },
    ],
    changes: [{ field: 'reason', before: null, after: reason }],
  })
}
