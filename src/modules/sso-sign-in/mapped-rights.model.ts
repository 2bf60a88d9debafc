import type { SsoProviderRow } from '../sso'

/** What the groups of a person give by the mappings of a connection. */
export interface MappedRights {
  /** Of the first group that gives a role; null when none does. */
  readonly role: { readonly id: string; readonly key: string; readonly name: string } | null
  readonly teamIds: readonly string[]
}

/** What groups at the provider give here; groups that are not mapped give nothing. */
export function rightsOf(
  { groupMappings }: Pick<SsoProviderRow, 'groupMappings'>,
  groups: readonly string[],
): MappedRights {
  const held = new Set(groups)
  const counting = groupMappings.filter(({ groupName }) => held.has(groupName))
  return {
    role: counting.find(({ role }) => role !== null)?.role ?? null,
    teamIds: [...new Set(counting.flatMap(({ team }) => team?.id ?? []))],
  }
}

/** What a sign-in changes of what a member holds. */
export interface RightsChange {
  /** Null to leave the role as it is. */
  readonly role: { readonly id: string; readonly key: string } | null
  readonly joins: readonly string[]
  readonly leaves: readonly string[]
  /** What counts as given by the connection from then on. */
  readonly givenTeamIds: readonly string[]
}

/** A member, and what the connection gave before. */
export interface RightsBefore {
  readonly roleId: string
  readonly givenRoleId: string | null
  readonly givenTeamIds: readonly string[]
  /** Teams that are wanted or were given, and whether the member is in them. */
  readonly teams: ReadonlyMap<string, { isIn: boolean }>
}

/**
 * What the provider gave, it may change and take back; what people gave stays. So a role counts as the provider's only
 * while it is the one that was given, and a team only when the provider has put the member into it.
 *
 * @param role  what the provider gives now: that of a group, or the default one
 */
export function changeOfRights(
  before: RightsBefore,
  wanted: { role: { id: string; key: string }; teamIds: readonly string[] },
): RightsChange {
  const mayChangeRole = before.givenRoleId !== null && before.roleId === before.givenRoleId
  const isIn = (id: string) => before.teams.get(id)?.isIn === true
  const given = before.givenTeamIds.filter(isIn)
  const joins = wanted.teamIds.filter((id) => before.teams.has(id) && !isIn(id))
  const leaves = given.filter((id) => !wanted.teamIds.includes(id))
  return {
    role: mayChangeRole && wanted.role.id !== before.roleId ? wanted.role : null,
    joins,
    leaves,
    givenTeamIds: [...given.filter((id) => !leaves.includes(id)), ...joins],
  }
}
