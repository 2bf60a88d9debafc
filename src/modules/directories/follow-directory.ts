import { Pending, SYSTEM_ROLES, type WriteContext } from '../../access'
import {
  endMembership,
  findMemberStats,
  type HeldMember,
  type LockedMember,
  lockMembers,
  memberTarget,
  restoreMembership,
  suspendForDirectory,
} from '../members'
import { findAdminlessAddresses } from './adminless-addresses.store'

/** Nothing had to be asked. */
export const NOTHING = new Pending<void>(Promise.resolve())
const DEACTIVATED = 'The directory deactivated the person.'

/**
 * Brings a member to what the directory says, in the transaction of the caller. Access that ends ends here, with sessions
 * and keys; what is given back are role, teams and projects, and no session or key. Nothing refuses it. What it records is
 * recorded when it returns.
 *
 * @param member  locked, not REMOVED
 * @param hasKeys  whether the member has personal keys; undefined when that is not known
 */
export async function followDirectory(
  context: WriteContext,
  member: HeldMember,
  active: boolean,
  hasKeys?: boolean,
): Promise<Pending<void>> {
  if (active && member.status === 'SUSPENDED') return restoreMembership(context, context.organizationId, [member])
  if (active || member.status !== 'JOINED') return NOTHING
  if (hasKeys === false && isForeseeable(context, member)) return suspendForDirectory(context, member, DEACTIVATED)
  await endAccess(context, member, 'SUSPENDED')
  return NOTHING
}

/** Nothing has to be looked up to say what ends with the member. */
function isForeseeable({ locked }: WriteContext, { userId, roleKey }: HeldMember): boolean {
  return locked?.membership_mode === 'SSO' && userId !== null && roleKey !== SYSTEM_ROLES.ADMIN.key
}

/** Ends a membership because the directory says so, also that of the last Admin. @param member  locked, not REMOVED */
export async function endAccess(context: WriteContext, member: HeldMember, to: 'SUSPENDED' | 'REMOVED'): Promise<void> {
  if (member.status === 'JOINED' && member.roleKey === SYSTEM_ROLES.ADMIN.key) await mindLastAdmin(context, member)
  await endMembership(
    context,
    context.organizationId,
    [member],
    to === 'REMOVED'
      ? { to, action: 'member.removed', block: 'DIRECTORY' }
      : { to, action: 'member.suspended', block: 'DIRECTORY', reason: DEACTIVATED },
  )
}

/** The member behind somebody of the directory, held until the transaction ends. */
export async function lockMember({ tx, organizationId }: WriteContext, memberId: string): Promise<LockedMember> {
  const member = (await lockMembers(tx, organizationId, [memberId])).get(memberId)
  if (!member) throw new Error('A directory user without its member')
  return member
}

/**
 * Marks the organization when nobody is left who administers it, and tells those who can help.
 * @param leaving  how many Admins go at once, `member` among them
 */
export async function mindLastAdmin(context: WriteContext, member: HeldMember, leaving = 1): Promise<void> {
  const { tx, organizationId, locked, actor } = context
  const { admins } = await findMemberStats(tx, organizationId)
  if (admins > leaving) return
  context.count({ mayBeAdminless: true })
  context.audit({ action: 'organization.adminless', targets: [memberTarget(member)] })
  const payload = {
    organizationName: locked?.name ?? '',
    memberName: member.name || member.email,
    directoryName: actor.kind === 'directory' ? actor.name : '',
  }
  for (const destination of await findAdminlessAddresses(tx, organizationId, member.id))
    context.send({ kind: 'mail.adminless', destination, payload })
}
