import type { Statement, Transaction } from '../../platform/database'
import type { MemberStatus } from './member.entity'

/** A member row as the lock found it. */
export interface LockedMember {
  id: string
  /** Null until an invitation is accepted. */
  userId: string | null
  email: string
  name: string
  status: MemberStatus
  roleId: string
  roleKey: string
  roleName: string
  epoch: number
}

/** Locks members of an organization, in one order for everybody. Ids that name none are left out. */
export async function lockMembers(
  tx: Transaction,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, LockedMember>> {
  const rows = await tx.query<LockedMember>(LOCK_MEMBERS, [organizationId, ids])
  return new Map(rows.map((row) => [row.id, row]))
}

/** Locks the joined or suspended member that an account is in an organization; null when it is none. */
export async function lockMemberOfUser(
  tx: Transaction,
  organizationId: string,
  userId: string,
): Promise<LockedMember | null> {
  const [row] = await tx.query<LockedMember>(LOCK_MEMBER_OF_USER, [organizationId, userId])
  return row ?? null
}

const LOCKED_COLUMNS = `
SELECT m.id, m.user_id AS "userId", m.email, m.name, m.status, m.role_id AS "roleId", r.key AS "roleKey",
       r.name AS "roleName", m.epoch
FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id`

const LOCK_MEMBERS: Statement = {
  name: 'lock-members',
  text: `${LOCKED_COLUMNS} WHERE m.organization_id = $1 AND m.id = ANY($2::uuid[]) ORDER BY m.id FOR UPDATE OF m`,
}

const LOCK_MEMBER_OF_USER: Statement = {
  name: 'lock-member-of-user',
  text: `${LOCKED_COLUMNS} WHERE m.organization_id = $1 AND m.user_id = $2 AND m.status <> 'REMOVED' FOR UPDATE OF m`,
}
