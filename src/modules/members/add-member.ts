import { actorLabel, notFound, refuseEscalation, SYSTEM_ROLES, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import { findUser } from '../accounts'
import { findRole } from '../roles'
import { announceNewAdmins } from './announce-new-admins'
import { countersBetween, memberTarget } from './end-membership'
import { findMemberStatusFor, insertMembers, insertUserMembership } from './member.store'
import { liftMemberBlocks } from './member-block.store'

/** Adds the person behind an account, without an invitation. */
export interface AddMember {
  organizationId: string
  /** UUID */
  userId: string
  /** UUID of a role of the scope ORGANIZATION. */
  roleId: string
}

/**
 * Makes the person behind an existing account a joined member. Somebody who was removed before returns as a new
 * member: the old row stays as the record of what was.
 *
 * @returns the member's id
 * @throws MEMBERSHIP_MODE  members come by single sign-on
 * @throws NOT_FOUND  no such role, or no usable account
 * @throws FORBIDDEN  the role allows more than the actor may do
 * @throws ALREADY_MEMBER, ALREADY_INVITED  the account or its address is in the organization already
 * @throws OTHER_ORGANIZATION  the installation allows one organization per person and this person has one
 */
export const addMember = writeUseCase({
  name: 'addMember',
  requires: 'member.add',
  organization: (input: AddMember) => input.organizationId,
  locks: 'share',
  async run(context, { organizationId, userId, roleId }): Promise<string> {
    const { tx, locked } = context
    if (locked?.membership_mode !== 'INVITATION')
      throw new AppError('MEMBERSHIP_MODE', 'Members of this organization come by single sign-on.')
    const role = await findRole(tx, organizationId, roleId)
    if (role?.scope !== 'ORGANIZATION') throw notFound('The role')
    refuseEscalation(context.actor, role.permissions, {}, ['roleId'])
    const user = await findUser(tx, userId)
    if (!user || user.disabledAt) throw notFound('The account')

    const { name, email } = user
    const member = { id: newId(), userId, name, email, status: 'JOINED', source: 'ADMIN', roleId } as const
    const written = await insertMembers(tx, organizationId, [member])
    if (!written.has(member.id)) throw alreadyThere(await findMemberStatusFor(tx, organizationId, userId, email))
    await insertUserMembership(tx, { organizationId, memberId: member.id, userId, roleKey: role.key })

    await liftMemberBlocks(tx, organizationId, { userIds: [userId] }, actorLabel(context.actor))
    context.count(countersBetween({ roleKey: role.key }, null, 'JOINED'))
    context.audit({
      action: 'member.added',
      targets: [memberTarget(member)],
      changes: [{ field: 'role', before: null, after: role.key }],
    })
    if (role.key === SYSTEM_ROLES.ADMIN.key) await announceNewAdmins(context, organizationId, [member])
    return member.id
  },
})

function alreadyThere(status: string | null): AppError {
  return status === 'INVITED'
    ? new AppError('ALREADY_INVITED', 'This person has a pending invitation; resend it, or revoke it first.')
    : new AppError('ALREADY_MEMBER', 'This person is a member already.')
}
