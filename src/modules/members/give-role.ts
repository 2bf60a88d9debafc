import { SYSTEM_ROLES, type WriteContext } from '../../access'
import { announceNewAdmins } from './announce-new-admins'
import { memberTarget } from './end-membership'
import type { LockedMember } from './locked-member.store'
import { setMemberRoleRows } from './member.store'

/**
 * Gives members a role in the transaction of the caller, which holds the organization row for update and has judged that
 * nothing stands in the way: rows, counters and audit. The other Admins learn of new ones by mail.
 *
 * @param members  locked by `lockMembers`
 * @throws LAST_ADMIN  at the commit, when no Admin would be left
 */
export async function giveRole(
  context: WriteContext,
  organizationId: string,
  members: readonly LockedMember[],
  role: { id: string; key: string },
): Promise<void> {
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
}
