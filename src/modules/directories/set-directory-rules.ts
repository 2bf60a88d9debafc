import { actorLabel, OWN_ORGANIZATION, SYSTEM_ROLES, type WriteContext, writeUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { findMemberStats } from '../members'
import { applyTeamRules } from './apply-team-rules'
import { checkGroupRules, type GroupRuleInput } from './check-group-rules'
import type { DirectoryRow } from './directory.store'
import { directoryAudit, directoryObject, refuseStaleDirectory } from './directory-access'
import {
  findGroupRules,
  findRoleChanges,
  type GroupRuleRow,
  type RoleChangeRow,
  replaceGroupRules,
} from './group-rule.store'
import { labelOfRule } from './group-rule-label'
import { settleRoles } from './settle-roles'

/** All rules of a directory anew, in the order in which they count. */
export interface SetDirectoryRules {
  directoryId: string
  rules: readonly GroupRuleInput[]
  /** The version they were made from; null to overwrite whatever is there. */
  expectedVersion: number | null
  /** Does everything, says who would change how, and takes it back. */
  dryRun: boolean
}

/** What a change of rules did, or would do. */
export interface DirectoryRulesSet {
  rules: readonly GroupRuleRow[]
  /** Everybody whose organization role changes, by user name. */
  changes: readonly RoleChangeRow[]
}

const MOST_CHANGES = 10_000
const BATCH = 1_000

/**
 * Sets what the groups of a directory give. Of the organization roles that somebody's groups give, that of the first rule
 * counts; roles in projects and places under teams add up. Everybody is brought to it at once.
 *
 * @throws NOT_FOUND, VERSION_MISMATCH
 * @throws TOO_MANY, INVALID, NOT_UNIQUE, FORBIDDEN, WRONG_STATE  per rule, with path
 * @throws LIMIT_EXCEEDED  more than 10,000 people would change their role
 * @throws LAST_ADMIN  nobody would be left an Admin
 */
export const setDirectoryRules = writeUseCase({
  name: 'setDirectoryRules',
  requires: 'directory.manage',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: SetDirectoryRules) => directoryObject(context, input.directoryId),
  locks: 'update',
  async run(context, { rules, expectedVersion, dryRun }, { directory }): Promise<DirectoryRulesSet> {
    refuseStaleDirectory(directory, expectedVersion)
    // What is recorded nowhere is rolled back: a rehearsal is the same work, without a record.
    return store(dryRun ? { ...context, audit: () => {}, send: () => {}, count: () => {} } : context, directory, rules)
  },
})

async function store(
  context: WriteContext,
  directory: DirectoryRow,
  input: readonly GroupRuleInput[],
): Promise<DirectoryRulesSet> {
  const { tx, organizationId } = context
  const before = await findGroupRules(tx, organizationId, [directory.id])
  const checked = await checkGroupRules(context, directory.id, input)
  const stored = await applyTeamRules(context, before, checked)
  await replaceGroupRules(tx, organizationId, directory.id, stored, actorLabel(context.actor))
  const after = await findGroupRules(tx, organizationId, [directory.id])
  const changes = await changeRoles(context, directory.id, [...before, ...after])
  const labels = { field: 'rules', before: before.map(labelOfRule), after: after.map(labelOfRule) }
  if (JSON.stringify(labels.before) !== JSON.stringify(labels.after))
    context.audit(
      directoryAudit('directory.rules_updated', directory, [
        labels,
        { field: 'rolesChanged', before: 0, after: changes.length },
      ]),
    )
  return { rules: after, changes }
}

async function changeRoles(
  context: WriteContext,
  directoryId: string,
  rules: readonly GroupRuleRow[],
): Promise<RoleChangeRow[]> {
  const { tx, organizationId } = context
  const deciding = rules.filter(({ kind }) => kind === 'ORGANIZATION_ROLE').map(({ groupId }) => groupId)
  const groupIds = [...new Set(deciding)]
  const people = await findRoleChanges(tx, organizationId, directoryId, groupIds, MOST_CHANGES + 1)
  if (people.length > MOST_CHANGES)
    throw new AppError(
      'LIMIT_EXCEEDED',
      `This would change the roles of more than ${MOST_CHANGES} people at once; map smaller groups, one after another.`,
      { path: ['rules'] },
    )
  await refuseNoAdmin(context, people)
  for (let start = 0; start < people.length; start += BATCH) {
    const userIds = people.slice(start, start + BATCH).map(({ userId }) => userId)
    await settleRoles(context, { organizationId, directoryId }, userIds)
  }
  return people.filter(({ roleBefore, roleAfter }) => roleBefore.id !== roleAfter.id)
}

/** An identity provider may leave nobody an Admin; whoever changes rules here may not. */
async function refuseNoAdmin({ tx, organizationId }: WriteContext, people: readonly RoleChangeRow[]): Promise<void> {
  const joined = people.filter(({ status }) => status === 'JOINED')
  const isAdmin = ({ key }: { key: string }) => key === SYSTEM_ROLES.ADMIN.key
  const lost = joined.filter(({ roleBefore, roleAfter }) => isAdmin(roleBefore) && !isAdmin(roleAfter)).length
  const won = joined.filter(({ roleBefore, roleAfter }) => !isAdmin(roleBefore) && isAdmin(roleAfter)).length
  const { admins } = await findMemberStats(tx, organizationId)
  if (lost > 0 && admins - lost + won < 1)
    throw new AppError('LAST_ADMIN', 'No Admin would be left; make somebody else Admin first.', { path: ['rules'] })
}
