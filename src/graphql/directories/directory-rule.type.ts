import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { toTypeId } from '../../kernel/ids'
import type { GroupRuleKind, GroupRuleRow, RoleChangeRow } from '../../modules/directories'
import { Payload } from '../payload.type'
import { DirectoryType } from './directory.type'

const RuleKindEnum: Record<GroupRuleKind, GroupRuleKind> = {
  ORGANIZATION_ROLE: 'ORGANIZATION_ROLE',
  PROJECT_ROLE: 'PROJECT_ROLE',
  TEAM: 'TEAM',
}
registerEnumType(RuleKindEnum, {
  name: 'DirectoryRuleKind',
  description: 'What a rule gives.',
  valuesConfig: {
    ORGANIZATION_ROLE: { description: 'The role in the organization; of several the first counts.' },
    PROJECT_ROLE: { description: 'A role in a project; they add up.' },
    TEAM: { description: 'A place under a team, in which everybody then is too; they add up.' },
  },
})

@ObjectType({
  description: 'What everybody in a group of a directory gets, and in the groups below it.',
})
export class DirectoryRule {
  /** The rule as the module knows it. */
  readonly row: GroupRuleRow
  @Field(() => Int, { description: 'Its place in the list, from 1.' }) position: number
  @Field(() => RuleKindEnum, { description: 'What it gives.' }) kind: GroupRuleKind
  @Field(() => ID, { description: 'Id of the group.' }) groupId: string
  @Field(() => String, { description: 'Name of the group.' }) groupName: string
  @Field(() => ID, { nullable: true, description: 'Id of the role it gives.' }) roleId: string | null
  @Field(() => String, { nullable: true, description: 'Name of the role it gives.' }) roleName: string | null
  @Field(() => ID, { nullable: true, description: 'Id of the project in which it gives a role.' })
  projectId: string | null
  @Field(() => String, { nullable: true, description: 'Name of that project.' }) projectName: string | null
  @Field(() => ID, { nullable: true, description: 'Id of the team above that of the group.' }) teamId: string | null
  @Field(() => String, { nullable: true, description: 'Name of that team.' }) teamName: string | null
}

@ObjectType({ description: 'What a rule means for one person.' })
export class DirectoryRuleOutcome {
  @Field(() => DirectoryRule, { description: 'The rule, which names a group of the person.' }) rule: DirectoryRule
  @Field(() => Boolean, { description: 'False when an earlier rule gives the role in the organization.' })
  counts: boolean
  @Field(() => String, { description: 'A sentence for people.' }) label: string
}

@ObjectType({ description: 'How rules change the role of a member in the organization.' })
export class DirectoryRoleChange {
  /** The change as the module knows it. */
  readonly row: RoleChangeRow
  @Field(() => String, { description: 'Name of the role until then.' }) roleBefore: string
  @Field(() => String, { description: 'Name of the role from then on.' }) roleAfter: string
  @Field(() => DirectoryRule, { nullable: true, description: 'The rule that gives it; null for the default role.' })
  rule: DirectoryRule | null
}

@InputType({
  description: 'What everybody in a group gets: roleId, roleId with projectId, or teamId.',
})
export class DirectoryRuleInput {
  @Field(() => ID, { description: 'A group of the directory.' }) groupId: string
  @Field(() => ID, { nullable: true, description: 'A role of the organization, or with projectId one for projects.' })
  roleId?: string | null
  @Field(() => ID, { nullable: true, description: 'Gives the role in this project.' }) projectId?: string | null
  @Field(() => ID, { nullable: true, description: 'Puts the team of the group under this one.' }) teamId?: string | null
}

@ObjectType({ implements: Payload, description: 'The rules as they are, or would be, and whom they change.' })
export class DirectoryRulesPayload extends Payload {
  @Field(() => DirectoryType, { nullable: true, description: 'The directory; null when nothing changed.' })
  directory?: DirectoryType | null
  @Field(() => [DirectoryRule], { nullable: true, description: 'In the order in which they count.' })
  rules?: DirectoryRule[] | null
  @Field(() => Int, { nullable: true, description: 'How many members get another role in the organization.' })
  changeCount?: number | null
  @Field(() => [DirectoryRoleChange], { nullable: true, description: 'The first 100 of them, by user name.' })
  changes?: DirectoryRoleChange[] | null
}

/** The GraphQL object of a rule. @param index  its place in its list, from 0 */
export function directoryRule(row: GroupRuleRow, index: number): DirectoryRule {
  return {
    row,
    position: index + 1,
    kind: row.kind,
    groupId: toTypeId('DirectoryGroup', row.groupId),
    groupName: row.groupName,
    roleId: row.roleId && toTypeId('Role', row.roleId),
    roleName: row.roleName,
    projectId: row.projectId && toTypeId('Project', row.projectId),
    projectName: row.projectName,
    teamId: row.teamId && toTypeId('Team', row.teamId),
    teamName: row.teamName,
  }
}
