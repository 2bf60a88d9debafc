import { notFound, refuseEscalation, writeUseCase } from '../../access'
import { findRole } from '../roles'
import { type ChangeMembers, changeMembers, type MembersChanged } from './change-members'
import { NOTHING_ENDED } from './end-membership.store'
import { giveRole } from './give-role'

/** Gives members another role in the organization. */
export interface SetMembersRole extends ChangeMembers {
  /** UUID of a role of the scope ORGANIZATION. */
  roleId: string
}

/**
 * Gives members another role; it counts from their next request on. Who has it already succeeds without a change; who
 * cannot get it fails alone with WRONG_STATE, FORBIDDEN, LAST_ADMIN or NOT_FOUND. The other Admins learn of new ones by mail.
 *
 * @throws NOT_FOUND  the role does not exist in this organization
 * @throws FORBIDDEN  the role allows more than the actor may do
 * @throws TOO_MANY, COUNT_MISMATCH  the selection
 */
export const setMembersRole = writeUseCase({
  name: 'setMembersRole',
  requires: 'member.role.update',
  organization: (input: SetMembersRole) => input.organizationId,
  locks: 'update',
  async run(context, input): Promise<MembersChanged> {
    const role = await findRole(context.tx, input.organizationId, input.roleId)
    if (role?.scope !== 'ORGANIZATION') throw notFound('The role')
    refuseEscalation(context.actor, role.permissions, {}, ['roleId'])
    return changeMembers(context, input, {
      action: 'CHANGE_ROLE',
      isDone: (member) => member.roleId === role.id && member.status !== 'REMOVED',
      apply: async (members) => {
        await giveRole(context, input.organizationId, members, role)
        return NOTHING_ENDED
      },
    })
  },
})
