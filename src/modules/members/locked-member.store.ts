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
  /** A directory that is at work provides the member. */
  isProvided: boolean
  /** The role is one that a rule of that directory gives. */
  hasGivenRole: boolean
  /** How many Admins hold recovery codes, while members come by SSO and the member is one of them; null otherwise. */
  breakGlassAdmins: number | null
}

/** What is enough to end a membership, or to bring it back. */
export type HeldMember = Pick<LockedMember, 'id' | 'userId' | 'email' | 'name' | 'status' | 'roleKey'>

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

/** Whether directories decide about `members m`: `isProvided` and `hasGivenRole`. A directory is at work as long as it carries the mode. */
export const PROVIDED = ['isProvided', 'hasGivenRole']
  .map(
    (name) => `EXISTS (
  SELECT FROM directory_users du
  JOIN directories d ON d.organization_id = du.organization_id AND d.id = du.directory_id AND d.organization_mode IS NOT NULL
  WHERE du.organization_id = m.organization_id AND du.member_id = m.id${name === 'hasGivenRole' ? ' AND du.given_role_id IS NOT NULL' : ''}
) AS "${name}"`,
  )
  .join(', ')

const BREAK_GLASS = `CASE WHEN EXISTS (
  SELECT FROM break_glass_admins b JOIN organizations o ON o.organization_id = b.organization_id AND o.membership_mode = 'SSO'
  WHERE b.organization_id = m.organization_id AND b.member_id = m.id
) THEN (
  SELECT count(*)::int FROM break_glass_admins b
  JOIN members k ON k.organization_id = b.organization_id AND k.id = b.member_id AND k.status = 'JOINED'
  JOIN roles a ON a.organization_id = k.organization_id AND a.id = k.role_id AND a.scope = 'ORGANIZATION' AND a.key = 'admin'
  WHERE b.organization_id = m.organization_id
) END AS "breakGlassAdmins"`

const LOCKED_COLUMNS = `
SELECT m.id, m.user_id AS "userId", m.email, m.name, m.status, m.role_id AS "roleId", r.key AS "roleKey",
       r.name AS "roleName", m.epoch, ${PROVIDED}, ${BREAK_GLASS}
FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id`

const LOCK_MEMBERS: Statement = {
  name: 'lock-members',
  text: `${LOCKED_COLUMNS} WHERE m.organization_id = $1 AND m.id = ANY($2::uuid[]) ORDER BY m.id FOR UPDATE OF m`,
}

const LOCK_MEMBER_OF_USER: Statement = {
  name: 'lock-member-of-user',
  text: `${LOCKED_COLUMNS} WHERE m.organization_id = $1 AND m.user_id = $2 AND m.status <> 'REMOVED' FOR UPDATE OF m`,
}

/** What stands in the way of changes to these members besides their status, without holding anybody. */
export async function findProvided(
  tx: Transaction,
  organizationId: string,
  ids: readonly string[],
): Promise<Pick<LockedMember, 'id' | 'isProvided' | 'hasGivenRole' | 'breakGlassAdmins'>[]> {
  return tx.query(FIND_PROVIDED, [organizationId, ids])
}

const FIND_PROVIDED: Statement = {
  name: 'find-provided-members',
  text: `SELECT m.id, ${PROVIDED}, ${BREAK_GLASS} FROM members m WHERE m.organization_id = $1 AND m.id = ANY($2::uuid[])`,
}
