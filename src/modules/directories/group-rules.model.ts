/** What a group of a directory gives. */
export type GroupRuleKind = 'ORGANIZATION_ROLE' | 'PROJECT_ROLE' | 'TEAM'

/** One rule: everybody in a group, or in a group below it, gets something. */
export interface GroupRule {
  readonly id: string
  readonly groupId: string
  /** The lowest counts first. */
  readonly position: number
  readonly kind: GroupRuleKind
  /** Of `ORGANIZATION_ROLE` and `PROJECT_ROLE`. */
  readonly roleId: string | null
  /** Of `PROJECT_ROLE`. */
  readonly projectId: string | null
  /** Of `TEAM`: the team above that of the group. */
  readonly teamId: string | null
}

/** What somebody has by the rules of a directory, and by which of them. */
export interface GivenByRules<Rule extends GroupRule = GroupRule> {
  /** The rule whose role counts; null when none gives one, and the directory's default role does. */
  readonly organizationRole: Rule | null
  /** Rules for organization roles that match too, and that an earlier one overrules. */
  readonly overruled: readonly Rule[]
  /** Roles in projects add up. */
  readonly projectRoles: readonly Rule[]
  /** So do teams. */
  readonly teams: readonly Rule[]
}

/** Groups that groups name as members, as pairs. */
export interface Nesting {
  readonly groupId: string
  readonly childId: string
}

/**
 * Decides what a person of a directory gets, and by which rule. Pure; what SQL applies to many people at once must
 * agree with it (docs/adr/0017-directories.md).
 *
 * @param rules  of one directory, in any order
 * @param groupIds  every group that the person is in: those that name the person, and those above them (`groupsAbove`)
 */
export function evaluateRules<Rule extends GroupRule>(
  rules: readonly Rule[],
  groupIds: ReadonlySet<string>,
): GivenByRules<Rule> {
  const matching = rules.filter(({ groupId }) => groupIds.has(groupId)).sort(byPosition)
  const of = (kind: GroupRuleKind) => matching.filter((rule) => rule.kind === kind)
  const [organizationRole = null, ...overruled] = of('ORGANIZATION_ROLE')
  return { organizationRole, overruled, projectRoles: of('PROJECT_ROLE'), teams: of('TEAM') }
}

/**
 * These groups and all those above them.
 * @param nestings  of the directory; without circles, which the writer refuses, and harmless with one
 */
export function groupsAbove(groupIds: Iterable<string>, nestings: readonly Nesting[]): ReadonlySet<string> {
  const parents = new Map<string, string[]>()
  for (const { groupId, childId } of nestings) parents.set(childId, [...(parents.get(childId) ?? []), groupId])
  const seen = new Set(groupIds)
  for (const id of seen) for (const parent of parents.get(id) ?? []) seen.add(parent)
  return seen
}

// Two rules never have one position in a list that was stored as a whole; the id decides where they do.
function byPosition(a: GroupRule, b: GroupRule): number {
  return a.position - b.position || (a.id < b.id ? -1 : 1)
}
