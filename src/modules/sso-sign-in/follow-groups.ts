import { SYSTEM_ROLES, type WriteContext } from '../../access'
import { toTypeId } from '../../kernel/ids'
import { findMemberStats, giveRole, lockMembers } from '../members'
import type { SsoProviderRow } from '../sso'
import { findTeamsOfMemberAmong, moveBetweenTeams } from '../teams'
import { changeOfRights, type RightsChange, rightsOf } from './mapped-rights.model'
import type { KnownIdentity } from './sso-identity.store'

/**
 * What changes of what a member holds, by the groups that came with a sign-in. The last Admin stays one, and nothing
 * changes where the provider left the groups out.
 */
export async function rightsToChange(
  { tx, organizationId }: WriteContext,
  provider: SsoProviderRow,
  known: KnownIdentity,
  groups: readonly string[] | null,
): Promise<RightsChange> {
  if (groups === null) return { role: null, joins: [], leaves: [], givenTeamIds: known.givenTeamIds }
  const wanted = rightsOf(provider, groups)
  const asked = [...new Set([...wanted.teamIds, ...known.givenTeamIds])]
  const teams =
    asked.length > 0
      ? await findTeamsOfMemberAmong(tx, organizationId, known.memberId, asked)
      : new Map<string, never>()
  const change = changeOfRights({ ...known, teams }, { ...wanted, role: wanted.role ?? provider.defaultRole })
  const losesAdmin = change.role !== null && known.roleKey === SYSTEM_ROLES.ADMIN.key
  if (!losesAdmin) return change
  const { admins } = await findMemberStats(tx, organizationId)
  return admins <= 1 ? { ...change, role: null } : change
}

/** True when something changes, for which the organization row must be held for update. */
export function changesRights({ role, joins, leaves }: RightsChange): boolean {
  return role !== null || joins.length > 0 || leaves.length > 0
}

/** Writes what has changed. @throws LAST_ADMIN  at the commit, when no Admin would be left */
export async function changeRights(
  context: WriteContext,
  { memberId }: { memberId: string },
  { role, joins, leaves }: RightsChange,
): Promise<void> {
  const { tx, organizationId } = context
  if (role) {
    const members = await lockMembers(tx, organizationId, [memberId])
    await giveRole(context, organizationId, [...members.values()], role)
  }
  if (joins.length === 0 && leaves.length === 0) return
  await moveBetweenTeams(tx, organizationId, memberId, { joins, leaves })
  const change = (action: string, teamId: string) =>
    context.audit({
      action,
      targets: [
        { type: 'Team', id: toTypeId('Team', teamId) },
        { type: 'Member', id: toTypeId('Member', memberId) },
      ],
    })
  for (const id of joins) change('team.member.added', id)
  for (const id of leaves) change('team.member.removed', id)
}
