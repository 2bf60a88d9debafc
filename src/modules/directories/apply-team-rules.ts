import type { WriteContext } from '../../access'
import { AppError } from '../../kernel/errors'
import { findGrant, grantRole, projectObject, takeGrant } from '../projects'
import { findTeams, moveTeam } from '../teams'
import type { CheckedGroupRule } from './check-group-rules'
import { type GroupRuleRow, type NewGroupRule, newRuleId } from './group-rule.store'

/**
 * Gives and takes what hangs on the teams that mirror the groups: grants in projects, and places under other teams. A
 * grant that the team has in the project already becomes the rule's.
 *
 * @returns  the rules as they are stored: one for a role in a project has the id of its grant
 * @throws NOT_FOUND, INVALID, FORBIDDEN, WRONG_STATE  with the path of the rule
 */
export async function applyTeamRules(
  context: WriteContext,
  before: readonly GroupRuleRow[],
  after: readonly CheckedGroupRule[],
): Promise<NewGroupRule[]> {
  await takeOldGrants(context, before, after)
  const parents = await findParents(context, before, after)
  const stored: NewGroupRule[] = []
  for (const [index, rule] of after.entries()) {
    const path = ['rules', String(index)]
    const { groupId, kind, roleId, projectId, teamId } = rule
    if (kind === 'TEAM') await place(context, parents, rule.group.teamId, teamId, [...path, 'teamId'])
    const known = before.find((old) => old.groupId === groupId && old.kind === kind && old.projectId === projectId)
    const id = kind === 'PROJECT_ROLE' ? await grantByRule(context, rule, path) : (known?.id ?? newRuleId())
    stored.push({ id, groupId, kind, roleId, projectId, teamId })
  }
  const placed = new Set(after.filter(({ kind }) => kind === 'TEAM').map(({ groupId }) => groupId))
  for (const { kind, groupId, groupTeamId } of before)
    if (kind === 'TEAM' && !placed.has(groupId)) await place(context, parents, groupTeamId, null, ['rules'])
  return stored
}

async function takeOldGrants(
  context: WriteContext,
  before: readonly GroupRuleRow[],
  after: readonly CheckedGroupRule[],
): Promise<void> {
  const { tx, organizationId } = context
  for (const { kind, id, groupId, projectId, projectName } of before) {
    const stays = after.some((rule) => rule.kind === kind && rule.groupId === groupId && rule.projectId === projectId)
    if (kind !== 'PROJECT_ROLE' || stays) continue
    const grant = await findGrant(tx, organizationId, id)
    if (grant) await takeGrant(context, grant, { id: projectId!, name: projectName! })
  }
}

async function grantByRule(
  context: WriteContext,
  { group, roleId, projectId }: CheckedGroupRule,
  path: readonly string[],
): Promise<string> {
  const object = await projectObject(context, context.organizationId, { id: projectId! })
  const principals = [{ kind: 'TEAM', id: group.teamId } as const]
  const [item] = await grantRole(context, object, { principals, roleId: roleId!, expiresAt: null, byRule: true }).catch(
    (error: unknown) => {
      throw error instanceof AppError ? new AppError(error.code, error.message, { ...error.details, path }) : error
    },
  )
  if (!item?.grant) throw item?.error ?? new Error('A rule without its grant')
  return item.grant.id
}

/** Under which team each of the mirroring teams stands now. */
async function findParents(
  { tx, organizationId }: WriteContext,
  before: readonly GroupRuleRow[],
  after: readonly CheckedGroupRule[],
): Promise<Map<string, string | null>> {
  const ids = [...before.map(({ groupTeamId }) => groupTeamId), ...after.map(({ group }) => group.teamId)]
  const teams = await findTeams(tx, organizationId, null, ids)
  return new Map([...teams.values()].map(({ id, parentId }) => [id, parentId]))
}

async function place(
  context: WriteContext,
  parents: ReadonlyMap<string, string | null>,
  teamId: string,
  parentId: string | null,
  path: readonly string[],
): Promise<void> {
  const current = parents.get(teamId) ?? null
  if (current !== parentId) await moveTeam(context, { id: teamId, parentId: current }, parentId, path)
}
