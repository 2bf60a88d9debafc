import { Pending, SYSTEM_ROLES, type WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { newId } from '../../kernel/ids'
import type { Transaction } from '../../platform/database'
import { announceNewAdmins } from './announce-new-admins'
import { countersBetween, memberTarget } from './end-membership'
import type { JoinedMember } from './join-member'
import { insertMembers, insertMemberWithUser, insertUserMembership, type NewMember } from './member.store'

/** Somebody whom the organization's identity provider vouches for. */
export interface ProvisionMember {
  readonly name: string
  /** Normalized. Nobody is found by it: it must be free in the organization. */
  readonly email: string
  /** Of the scope ORGANIZATION. */
  readonly role: { readonly id: string; readonly key: string }
  readonly source: 'SSO' | 'SCIM'
  /** The user of somebody who was a member before; absent for a new user. */
  readonly userId?: string
  /** For whoever refers to the member in the same breath; made here when absent. */
  readonly memberId?: string
}

/** Who they are by then. */
export type ProvisionedMember = JoinedMember & { readonly userId: string }

/**
 * Makes somebody a joined member of an organization whose members come by SSO: a user of its own that no other sign-in
 * opens, the member, the account side, counters and audit. Being joined is being in the default project
 * (docs/adr/0006-default-project.md). The organization row must be locked, so that the membership mode holds.
 *
 * @throws MEMBERSHIP_MODE  members come by invitation
 * @throws ALREADY_MEMBER  a member has this address, or this user, already
 * @throws OTHER_ORGANIZATION  the installation allows one organization per person and this user has one
 */
export async function provisionMember(
  context: WriteContext,
  organizationId: string,
  person: ProvisionMember,
): Promise<ProvisionedMember> {
  const { member, written } = insert(context, organizationId, person)
  const provisioned = await written
  // Only now: whoever is told that the address is taken may go on, and leaves nothing of it.
  await record(context, organizationId, member, person)
  return provisioned
}

/**
 * The same, for whoever has more to ask: it is asked and recorded when this returns, and refused by what is pending. Nothing
 * of it may be kept then: the caller writes something that refers to the member, so that PostgreSQL refuses it as well.
 */
export async function beginToProvisionMember(
  context: WriteContext,
  organizationId: string,
  person: ProvisionMember,
): Promise<Pending<ProvisionedMember>> {
  const { member, written } = insert(context, organizationId, person)
  const provisioned = new Pending(written)
  await record(context, organizationId, member, person)
  return provisioned
}

type ProvisionedRow = NewMember & { readonly userId: string }

function insert(
  { tx, locked }: WriteContext,
  organizationId: string,
  { name, email, role, source, ...known }: ProvisionMember,
): { member: ProvisionedRow; written: Promise<ProvisionedMember> } {
  if (locked?.membership_mode !== 'SSO')
    throw new AppError('MEMBERSHIP_MODE', 'Members of this organization come by invitation.')
  const userId = known.userId ?? newId()
  const id = known.memberId ?? newId()
  const member = { id, userId, name, email, status: 'JOINED', source, roleId: role.id } as const
  const write = known.userId ? insertMemberOfUser : insertMemberWithUser
  const written = write(tx, organizationId, member, role.key).then((isWritten) => {
    if (!isWritten) throw new AppError('ALREADY_MEMBER', 'A member of the organization has this address already.')
    return { memberId: id, memberEpoch: 1, roleKey: role.key, userId }
  })
  return { member, written }
}

async function record(
  context: WriteContext,
  organizationId: string,
  member: ProvisionedRow,
  { role, source }: ProvisionMember,
): Promise<void> {
  context.count(countersBetween({ roleKey: role.key }, null, 'JOINED'))
  context.audit({
    action: 'member.provisioned',
    targets: [memberTarget(member)],
    changes: [
      { field: 'source', before: null, after: source },
      { field: 'role', before: null, after: role.key },
    ],
  })
  if (role.key === SYSTEM_ROLES.ADMIN.key) await announceNewAdmins(context, organizationId, [member])
}

async function insertMemberOfUser(
  tx: Transaction,
  organizationId: string,
  member: NewMember & { readonly userId: string },
  roleKey: string,
): Promise<boolean> {
  const { id, userId } = member
  if (!(await insertMembers(tx, organizationId, [member])).has(id)) return false
  await insertUserMembership(tx, { organizationId, userId, memberId: id, roleKey })
  return true
}
