import { actorLabel, type WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { countersBetween, memberTarget } from './end-membership'
import { insertUserMembership, type JoiningPerson, joinInvitedMember } from './member.store'
import { liftMemberBlocks } from './member-block.store'

/** A member who has just joined: what a session of theirs needs. */
export interface JoinedMember {
  memberId: string
  memberEpoch: number
  roleKey: string
}

/**
 * Lets the person behind an account take the place of an invited member: row, account side, counters and audit.
 * The address and role of the invitation stay.
 *
 * @throws WRONG_STATE  the member is not invited (any more)
 * @throws ALREADY_MEMBER  the account is another member of the organization
 * @throws OTHER_ORGANIZATION  the installation allows one organization per person and this person has one
 */
export async function joinMember(
  context: WriteContext,
  organizationId: string,
  memberId: string,
  person: Omit<JoiningPerson, 'email'>,
): Promise<JoinedMember> {
  const { tx } = context
  const joined = await joinInvitedMember(tx, organizationId, memberId, person)
  if (!joined) throw new AppError('WRONG_STATE', 'This invitation is not open any more; ask for a new one.')
  const { epoch, roleKey, email } = joined
  await insertUserMembership(tx, { organizationId, memberId, userId: person.userId, roleKey })
  await liftMemberBlocks(tx, organizationId, { userIds: [person.userId] }, actorLabel(context.actor))
  context.count(countersBetween({ roleKey }, 'INVITED', 'JOINED'))
  context.audit({
    action: 'member.joined',
    targets: [memberTarget({ id: memberId, name: person.name, email })],
    changes: [{ field: 'status', before: 'INVITED', after: 'JOINED' }],
  })
  return { memberId, memberEpoch: epoch, roleKey }
}
