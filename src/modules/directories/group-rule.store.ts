import { newId } from '../../kernel/ids'
import type { Statement, Transaction } from '../../platform/database'
import type { GroupRule } from './group-rules.model'

/** A rule with the names of what it is about. */
export interface GroupRuleRow extends GroupRule {
  readonly directoryId: string
  readonly directoryName: string
  readonly groupName: string
  /** The team that mirrors the group. */
  readonly groupTeamId: string
  readonly roleName: string | null
  readonly roleKey: string | null
  readonly projectName: string | null
  readonly teamName: string | null
}

/** A rule to be stored. Its place in the list is its position. */
export type NewGroupRule = Omit<GroupRule, 'position'>

/** A person whose organization role differs from what the rules give now. */
export interface RoleChangeRow {
  readonly userId: string
  readonly memberId: string
  readonly status: 'INVITED' | 'JOINED' | 'SUSPENDED' | 'REMOVED'
  readonly roleBefore: { readonly id: string; readonly key: string; readonly name: string }
  readonly roleAfter: { readonly id: string; readonly key: string; readonly name: string }
  /** The rule that gives it; null for the default role of the directory. */
  readonly ruleId: string | null
}

/** The rules of directories in the order in which they count. */
export async function findGroupRules(
  tx: Transaction,
  organizationId: string,
  directoryIds: readonly string[],
): Promise<GroupRuleRow[]> {
  return tx.query<GroupRuleRow>(FIND, [organizationId, directoryIds])
}

/** Rules by id; ids that name none are left out. */
export async function findGroupRulesById(
  tx: Transaction,
  organizationId: string,
  ids: readonly string[],
): Promise<GroupRuleRow[]> {
  return tx.query<GroupRuleRow>(FIND_BY_ID, [organizationId, ids])
}

/** Writes all rules of a directory anew. */
export async function replaceGroupRules(
  tx: Transaction,
  organizationId: string,
  directoryId: string,
  rules: readonly NewGroupRule[],
  createdByName: string,
): Promise<void> {
  await tx.execute(CLEAR, [organizationId, directoryId])
  await tx.execute(INSERT, [organizationId, directoryId, JSON.stringify(rules), createdByName])
  await tx.execute(TOUCH, [organizationId, directoryId])
}

/** An id for a rule that is not a grant. */
export const newRuleId = newId

/**
 * People in these groups, or in groups below them, whose organization role is not what the rules give, by user name.
 * @param limit  how many are looked for
 */
export async function findRoleChanges(
  tx: Transaction,
  organizationId: string,
  directoryId: string,
  groupIds: readonly string[],
  limit: number,
): Promise<RoleChangeRow[]> {
  return tx.query<RoleChangeRow>(FIND_ROLE_CHANGES, [organizationId, directoryId, groupIds, limit])
}

const COLUMNS = `
SELECT r.id, r.directory_id AS "directoryId", d.name AS "directoryName", r.group_id AS "groupId", g.display_name AS "groupName",
  g.team_id AS "groupTeamId", r.position, r.kind, r.role_id AS "roleId", role.name AS "roleName", role.key AS "roleKey",
  r.project_id AS "projectId", p.name AS "projectName", r.team_id AS "teamId", t.name AS "teamName"
FROM directory_group_rules r
JOIN directories d ON d.organization_id = r.organization_id AND d.id = r.directory_id
JOIN directory_groups g ON g.organization_id = r.organization_id AND g.directory_id = r.directory_id AND g.id = r.group_id
LEFT JOIN roles role ON role.organization_id = r.organization_id AND role.id = r.role_id
LEFT JOIN projects p ON p.organization_id = r.organization_id AND p.id = r.project_id
LEFT JOIN teams t ON t.organization_id = r.organization_id AND t.id = r.team_id
WHERE r.organization_id = $1`
const FIND: Statement = {
  name: 'find-directory-group-rules',
  text: `${COLUMNS} AND r.directory_id = ANY ($2::uuid[]) ORDER BY r.directory_id, r.position, r.id`,
}
const FIND_BY_ID: Statement = {
  name: 'find-directory-group-rules-by-id',
  text: `${COLUMNS} AND r.id = ANY ($2::uuid[])`,
}
const CLEAR: Statement = {
  name: 'clear-directory-group-rules',
  text: 'DELETE FROM directory_group_rules WHERE organization_id = $1 AND directory_id = $2',
}
const INSERT: Statement = {
  name: 'insert-directory-group-rules',
  text: `
INSERT INTO directory_group_rules (organization_id, id, directory_id, group_id, position, kind, role_id, project_id, team_id, created_by_name)
SELECT $1, (rule.value->>'id')::uuid, $2, (rule.value->>'groupId')::uuid, rule.position, rule.value->>'kind',
  (rule.value->>'roleId')::uuid, (rule.value->>'projectId')::uuid, (rule.value->>'teamId')::uuid, $4
FROM jsonb_array_elements($3::jsonb) WITH ORDINALITY AS rule(value, position)`,
}
// Whoever read the rules before finds the directory at another version.
const TOUCH: Statement = {
  name: 'touch-directory',
  text: 'UPDATE directories SET version = version + 1, updated_at = now() WHERE organization_id = $1 AND id = $2',
}

const ROLE = (role: string) => `jsonb_build_object('id', ${role}.id, 'key', ${role}.key, 'name', ${role}.name)`
// Down from the groups to the people in question, then up again to all of their groups, whose first rule counts.
const FIND_ROLE_CHANGES: Statement = {
  name: 'find-role-changes-by-rules',
  text: `
WITH RECURSIVE down(id) AS (
  SELECT unnest($3::uuid[])
  UNION SELECT n.child_id FROM down
  JOIN directory_group_nestings n ON n.organization_id = $1 AND n.directory_id = $2 AND n.group_id = down.id
), people AS (
  SELECT DISTINCT gm.user_id FROM down
  JOIN directory_group_members gm ON gm.organization_id = $1 AND gm.directory_id = $2 AND gm.group_id = down.id
), above(id, group_id) AS (
  SELECT id, id FROM directory_groups WHERE organization_id = $1 AND directory_id = $2
  UNION SELECT above.id, n.group_id FROM above
  JOIN directory_group_nestings n ON n.organization_id = $1 AND n.directory_id = $2 AND n.child_id = above.group_id
), first AS (
  SELECT DISTINCT ON (above.id) above.id AS group_id, r.id AS rule_id, r.role_id, r.position FROM above
  JOIN directory_group_rules r ON r.organization_id = $1 AND r.directory_id = $2 AND r.group_id = above.group_id
    AND r.kind = 'ORGANIZATION_ROLE'
  ORDER BY above.id, r.position, r.id
), given AS (
  SELECT DISTINCT ON (people.user_id) people.user_id, first.rule_id, first.role_id
  FROM people
  JOIN directory_group_members gm ON gm.organization_id = $1 AND gm.directory_id = $2 AND gm.user_id = people.user_id
  JOIN first ON first.group_id = gm.group_id
  ORDER BY people.user_id, first.position, first.rule_id
)
SELECT u.id AS "userId", m.id AS "memberId", m.status, ${ROLE('old')} AS "roleBefore", ${ROLE('new')} AS "roleAfter",
  given.rule_id AS "ruleId"
FROM people
JOIN directory_users u ON u.organization_id = $1 AND u.directory_id = $2 AND u.id = people.user_id
JOIN members m ON m.organization_id = $1 AND m.id = u.member_id AND m.status <> 'REMOVED'
JOIN directories d ON d.organization_id = $1 AND d.id = $2
LEFT JOIN given ON given.user_id = u.id
JOIN roles old ON old.organization_id = $1 AND old.id = m.role_id
JOIN roles new ON new.organization_id = $1 AND new.id = coalesce(
  given.role_id, CASE WHEN u.given_role_id IS NULL THEN m.role_id ELSE d.default_role_id END)
WHERE u.given_role_id IS DISTINCT FROM given.role_id
ORDER BY u.user_name_key LIMIT $4`,
}
