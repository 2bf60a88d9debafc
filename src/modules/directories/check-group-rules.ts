import type { WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { mappableRole } from '../roles'
import { type DirectoryGroupRow, findDirectoryGroups } from './directory-group-page.store'
import type { GroupRuleKind } from './group-rules.model'

/** What everybody in a group is to get: a role, a role in a project, or a place under a team. */
export interface GroupRuleInput {
  groupId: string
  roleId: string | null
  projectId: string | null
  teamId: string | null
}

/** A rule that makes sense, with the group it is about. */
export interface CheckedGroupRule extends GroupRuleInput {
  kind: GroupRuleKind
  group: DirectoryGroupRow
}

const MOST_RULES = 200

/**
 * Checks the rules of a directory as a whole. Whether a role in a project or a place under a team may be given is decided
 * where it is given.
 * @throws TOO_MANY, INVALID, NOT_UNIQUE, NOT_FOUND, FORBIDDEN  with the path of the rule
 */
export async function checkGroupRules(
  context: WriteContext,
  directoryId: string,
  rules: readonly GroupRuleInput[],
): Promise<CheckedGroupRule[]> {
  if (rules.length > MOST_RULES)
    throw new AppError('TOO_MANY', `A directory has at most ${MOST_RULES} rules.`, { path: ['rules'] })
  const groups = await findDirectoryGroups(
    context.tx,
    context.organizationId,
    rules.map(({ groupId }) => groupId),
  )
  const seen = new Set<string>()
  const checked: CheckedGroupRule[] = []
  for (const [index, rule] of rules.entries()) {
    const path = ['rules', String(index)]
    const group = groups.get(rule.groupId)
    if (group?.directoryId !== directoryId)
      throw new AppError('NOT_FOUND', 'The directory has no such group.', { path: [...path, 'groupId'] })
    const kind = kindOf(rule)
    if (!kind)
      throw new AppError('INVALID', 'A group gives a role, a role in a project, or a place under a team.', { path })
    const place = `${kind}/${rule.groupId}/${rule.projectId}`
    if (seen.has(place))
      throw new AppError('NOT_UNIQUE', `${group.displayName} gives one thing of a kind; another rule does already.`, {
        path,
      })
    seen.add(place)
    if (kind === 'ORGANIZATION_ROLE') await mappableRole(context, rule.roleId!, [...path, 'roleId'])
    checked.push({ ...rule, kind, group })
  }
  return checked
}

function kindOf({ roleId, projectId, teamId }: GroupRuleInput): GroupRuleKind | null {
  if (teamId) return roleId || projectId ? null : 'TEAM'
  if (!roleId) return null
  return projectId ? 'PROJECT_ROLE' : 'ORGANIZATION_ROLE'
}
