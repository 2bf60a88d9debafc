import type { GroupRuleRow } from './group-rule.store'

/** What a rule does, in a few words: for audit rows and explanations. */
export function labelOfRule(rule: GroupRuleRow): string {
  const given = {
    ORGANIZATION_ROLE: `role ${rule.roleName}`,
    PROJECT_ROLE: `role ${rule.roleName} in the project ${rule.projectName}`,
    TEAM: `place under the team ${rule.teamName}`,
  }
  return `${rule.groupName} → ${given[rule.kind]}`
}
