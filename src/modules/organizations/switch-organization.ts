import { type AccountSession, notFound, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { toTypeId } from '../../kernel/ids'
import { findJoinedMember } from '../members'
import { type OpenedSession, openOrganizationSession } from '../sessions'

/**
 * Opens a session of an organization the person has joined; its rules are checked anew each time.
 * @throws NOT_FOUND  when the person has not joined it, is suspended there, or it waits for its deletion
 * @throws MEMBERSHIP_MODE  it is entered through its own identity provider only
 */
export const switchOrganization = writeUseCase({
  name: 'switchOrganization',
  requires: 'account',
  organization: (input: { organizationId: string }) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId }): Promise<OpenedSession> {
    const person = context.actor as AccountSession
    const member = await findJoinedMember(context.tx, organizationId, person.userId)
    if (!member) throw notFound('The organization')
    if (context.locked!.membership_mode === 'SSO')
      throw new AppError(
        'MEMBERSHIP_MODE',
        `${context.locked!.name} is entered through its own identity provider: sign in at /login/${context.locked!.slug}.`,
      )
    const session = await openOrganizationSession(context, person, { organizationId, ...member })
    context.audit({
      action: 'session.opened',
      targets: [{ type: 'Member', id: toTypeId('Member', member.memberId), label: person.name || person.email }],
    })
    return session
  },
})
