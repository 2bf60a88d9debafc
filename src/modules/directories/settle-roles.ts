import { SYSTEM_ROLES, type WriteContext } from '../../access'
import type { Statement, Transaction } from '../../platform/database'
import { giveRole, lockMembers } from '../members'
import { findRole } from '../roles'
import { findDirectorySettings } from './directory-settings.store'
import type { InDirectory } from './directory-user.store'
import { mindLastAdmin } from './follow-directory'
import { GROUPS_ABOVE } from './group-membership.store'

/** A person whose rules now give another organization role than before; null: none gives one any more. */
interface RoleChange {
  readonly userId: string
  readonly memberId: string
  readonly roleId: string | null
}

/**
 * Gives these people the organization roles that the rules of the directory give them now: of those of their groups, that
 * of the first rule. Where no rule gives one any more, the default role of the directory comes back; where none ever
 * did, the role stays in the hands of people.
 */
export async function settleRoles(
  context: WriteContext,
  place: InDirectory,
  userIds: readonly string[],
): Promise<void> {
  if (userIds.length === 0 || !(await isRoleDecided(context.tx, place))) return
  const { defaultRole } = await findDirectorySettings(context.tx, place)
  const changes = await findRoleChanges(context.tx, place, userIds)
  for (const roleId of new Set(changes.map((change) => change.roleId ?? defaultRole.id)))
    await give(
      context,
      roleId,
      changes.filter((change) => (change.roleId ?? defaultRole.id) === roleId),
    )
}

async function give(context: WriteContext, roleId: string, people: readonly RoleChange[]): Promise<void> {
  const { tx, organizationId } = context
  const role = await findRole(tx, organizationId, roleId)
  if (!role) throw new Error('A rule gives a role that is not there')
  const memberIds = people.map(({ memberId }) => memberId)
  const members = [...(await lockMembers(tx, organizationId, memberIds)).values()]
  const changing = members.filter((member) => member.status !== 'REMOVED' && member.roleId !== roleId)
  const wereAdmin = changing.filter((member) => member.status === 'JOINED' && member.roleKey === SYSTEM_ROLES.ADMIN.key)
  if (wereAdmin[0]) await mindLastAdmin(context, wereAdmin[0], wereAdmin.length)
  if (changing.length > 0) await giveRole(context, organizationId, changing, role)
  await tx.execute(NOTE_GIVEN_ROLES, [organizationId, JSON.stringify(people)])
}

/** Whether rules of a directory decide about the organization role of anybody. */
export async function isRoleDecided(tx: Transaction, { organizationId, directoryId }: InDirectory): Promise<boolean> {
  return (await tx.execute(IS_ROLE_DECIDED, [organizationId, directoryId])) > 0
}

// The people are held first: two changes of one person's groups decide one after the other.
async function findRoleChanges(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  userIds: readonly string[],
): Promise<RoleChange[]> {
  await tx.execute(HOLD_PEOPLE, [organizationId, directoryId, userIds])
  return tx.query<RoleChange>(FIND_ROLE_CHANGES, [organizationId, directoryId, userIds])
}

const IS_ROLE_DECIDED: Statement = {
  name: 'is-role-decided-by-directory',
  text: `
SELECT WHERE EXISTS (
    SELECT FROM directory_group_rules WHERE organization_id = $1 AND directory_id = $2 AND kind = 'ORGANIZATION_ROLE')
  OR EXISTS (SELECT FROM directory_users WHERE organization_id = $1 AND directory_id = $2 AND given_role_id IS NOT NULL)`,
}

const HOLD_PEOPLE: Statement = {
  name: 'hold-directory-users',
  text: `
SELECT FROM directory_users WHERE organization_id = $1 AND directory_id = $2 AND id = ANY ($3::uuid[])
ORDER BY id FOR NO KEY UPDATE`,
}

const FIND_ROLE_CHANGES: Statement = {
  name: 'find-role-changes-of-directory',
  text: `
WITH RECURSIVE ${GROUPS_ABOVE}, given AS (
  SELECT DISTINCT ON (up.user_id) up.user_id, r.role_id FROM up
  JOIN directory_group_rules r ON r.organization_id = $1 AND r.directory_id = $2 AND r.group_id = up.group_id
    AND r.kind = 'ORGANIZATION_ROLE'
  ORDER BY up.user_id, r.position, r.id
)
SELECT u.id AS "userId", u.member_id AS "memberId", given.role_id AS "roleId"
FROM directory_users u LEFT JOIN given ON given.user_id = u.id
WHERE u.organization_id = $1 AND u.directory_id = $2 AND u.id = ANY ($3::uuid[])
  AND u.given_role_id IS DISTINCT FROM given.role_id`,
}

const NOTE_GIVEN_ROLES: Statement = {
  name: 'note-given-roles',
  text: `
UPDATE directory_users u SET given_role_id = p."roleId"
FROM jsonb_to_recordset($2::jsonb) AS p("memberId" uuid, "roleId" uuid)
WHERE u.organization_id = $1 AND u.member_id = p."memberId"`,
}
