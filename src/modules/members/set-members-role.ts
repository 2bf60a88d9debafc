import { notFound, refuseEscalation, SYSTEM_ROLES, type WriteContext, writeUseCase } from '../../access'
import { findRole, type Role } from '../roles'
import { announceNewAdmins } from './announce-new-admins'
import { type ChangeMembers, changeMembers, type MembersChanged } from './change-members'
import { memberTarget } from './end-membership'
import { NOTHING_ENDED } from './end-membership.store'
import type { LockedMember } from './locked-member.store'
import { setMemberRoleRows } from './member.store'

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
      apply: (members) => giveRole(context, input.organizationId, members, role),
    })
  },
})

/**
 * Writes the role of members in the transaction of the caller, with counters, audit rows and mails to the other Admins.
 * @param members  locked by `lockMembers`, none of them REMOVED
 */
export async function giveRole(
  context: WriteContext,
  organizationId: string,
  members: readonly LockedMember[],
  role: Role,
): Promise<typeof NOTHING_ENDED> {
  await setMemberRoleRows(context.tx, organizationId, members, role)
  const isAdmin = role.key === SYSTEM_ROLES.ADMIN.key
  for (const member of members) {
    if (member.status === 'JOINED')
      context.count({ admins: Number(isAdmin) - Number(member.roleKey === SYSTEM_ROLES.ADMIN.key) })
    context.audit({
      action: 'member.role.updated',
      targets: [memberTarget(member)],
      changes: [{ field: 'role', before: member.roleKey, after: role.key }],
    })
  }
  const joined = members.filter((member) => member.status === 'JOINED')
  if (isAdmin) await announceNewAdmins(context, organizationId, joined)
  return NOTHING_ENDED
}
