import { actorMemberId, decide, OWN_ORGANIZATION, type Permission, readUseCase } from '../../access'
import { findRolesAbove } from '../roles'
import { findProvided } from './locked-member.store'
import { findMembers, type MemberRow } from './member-page.store'
import type { JudgedMember, Surroundings } from './member-rules.model'
import { findMemberStats, type MemberStats } from './member-stats.store'
import { countMembersOfRoles } from './role-members.store'

/** Members of the caller's organization by id, removed ones too; unknown ids are missing from the answer. */
export const getMembers = readUseCase({
  name: 'getMembers',
  requires: 'member.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, input: { ids: readonly string[] }): Promise<Map<string, MemberRow>> =>
    findMembers(tx, organizationId, input.ids),
})

/** The member that the caller is, or for whom a personal key acts; null for the operator. */
export const getViewerMembership = readUseCase({
  name: 'getViewerMembership',
  requires: 'member',
  organization: (input: { organizationId: string }) => input.organizationId,
  async run({ tx, actor }, { organizationId }): Promise<MemberRow | null> {
    const memberId = actorMemberId(actor)
    return memberId ? ((await findMembers(tx, organizationId, [memberId])).get(memberId) ?? null) : null
  },
})

/** What stands in the way of changes to these members of the caller's organization, by id, at most 1,000. */
export const getProvidedMembers = readUseCase({
  name: 'getProvidedMembers',
  requires: 'member.read',
  organization: () => OWN_ORGANIZATION,
  async run(
    { tx, organizationId },
    { memberIds }: { memberIds: readonly string[] },
  ): Promise<Map<string, Pick<JudgedMember, 'isProvided' | 'hasGivenRole' | 'breakGlassAdmins'>>> {
    const rows = await findProvided(tx, organizationId, memberIds)
    return new Map(rows.map((row) => [row.id, row]))
  },
})

/** How many people an organization has, from its counters. */
export const getMemberStats = readUseCase({
  name: 'getMemberStats',
  requires: 'member.read',
  organization: (input: { organizationId: string }) => input.organizationId,
  run: ({ tx }, { organizationId }): Promise<MemberStats> => findMemberStats(tx, organizationId),
})

/** How many members hold each of these roles of the caller's organization, by role id, at most 500. */
export const getRoleMemberCounts = readUseCase({
  name: 'getRoleMemberCounts',
  requires: 'member.read',
  organization: () => OWN_ORGANIZATION,
  run: ({ tx, organizationId }, { roleIds }: { roleIds: readonly string[] }): Promise<Map<string, number>> =>
    countMembersOfRoles(tx, organizationId, roleIds),
})

/** What the rules for changing members look at, for the caller. */
export interface MemberSurroundings extends Surroundings {
  /** Whether the caller holds a permission in the organization. */
  holds(permission: Permission): boolean
  /** Whether a role, by UUID, allows more than the caller may do, so that its holders are to be left alone. */
  isAbove(roleId: string): boolean
}

/** What decides which changes to members the caller can make. */
export const getMemberSurroundings = readUseCase({
  name: 'getMemberSurroundings',
  requires: 'member',
  organization: (input: { organizationId: string }) => input.organizationId,
  async run({ tx, actor }, { organizationId }): Promise<MemberSurroundings> {
    const [{ admins }, above] = await Promise.all([
      findMemberStats(tx, organizationId),
      findRolesAbove({ tx, actor }, organizationId),
    ])
    return {
      admins,
      actingMemberId: actorMemberId(actor),
      isAbove: (roleId) => above.has(roleId),
      holds: (permission) => decide(actor, permission, { organizationId }) === 'allowed',
    }
  },
})
