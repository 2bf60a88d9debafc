import type { GraphQLResolveInfo } from 'graphql'
import { Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import {
  explainDirectoryUsers,
  explainGivenRoles,
  explainGrants,
  type GivenByRules,
  type GroupRuleRow,
  getDirectoryRules,
  labelOfRule,
} from '../../modules/directories'
import { DecisionReason } from '../access/access-decision.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden, nullWhenNotFound } from '../guard'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { DirectoryType } from './directory.type'
import { DirectoryGroupType } from './directory-group.type'
import { DirectoryRoleChange, DirectoryRule, DirectoryRuleOutcome, directoryRule } from './directory-rule.type'
import { DirectoryUserType } from './directory-user.type'

@Resolver(() => DirectoryType)
export class DirectoryRulesQuery {
  @Directive('@listSize(assumedSize: 10)')
  @FieldResolver(() => [DirectoryRule], {
    description: 'What its groups give, in the order in which it counts; 200 at most.',
  })
  async rules(@Root() { row }: DirectoryType, @Ctx() context: GraphQLContext): Promise<DirectoryRule[]> {
    return rulesOf(context, row.id)
  }
}

@Resolver(() => DirectoryGroupType)
export class DirectoryGroupRulesQuery {
  @Directive('@listSize(assumedSize: 1)')
  @FieldResolver(() => [DirectoryRule], { description: 'The rules that name it.' })
  async rules(@Root() { row }: DirectoryGroupType, @Ctx() context: GraphQLContext): Promise<DirectoryRule[]> {
    return (await rulesOf(context, row.directoryId)).filter((rule) => rule.row.groupId === row.id)
  }
}

@Resolver(() => DirectoryUserType)
export class DirectoryUserRulesQuery {
  @Directive('@listSize(assumedSize: 3)')
  @FieldResolver(() => [DirectoryRuleOutcome], {
    description: 'Every rule that names a group of the person, and what comes of it.',
  })
  async access(@Root() { row }: DirectoryUserType, @Ctx() context: GraphQLContext): Promise<DirectoryRuleOutcome[]> {
    const loader = context.loaders.of<GivenByRules<GroupRuleRow>>('given-by-rules', (operation, ids) =>
      operation.execute(explainDirectoryUsers, { ids }),
    )
    const given = await loader.load(row.id)
    if (!given) return []
    const all = await rulesOf(context, row.directoryId)
    const outcome = (rule: GroupRuleRow, overruledBy: GroupRuleRow | null): DirectoryRuleOutcome => ({
      rule: all.find(({ row: { id } }) => id === rule.id)!,
      counts: overruledBy === null,
      label: labelOfRule(rule) + (overruledBy ? `, overruled by ${labelOfRule(overruledBy)}` : ''),
    })
    const { organizationRole } = given
    return [
      ...(organizationRole ? [outcome(organizationRole, null)] : []),
      ...given.overruled.map((rule) => outcome(rule, organizationRole)),
      ...[...given.projectRoles, ...given.teams].map((rule) => outcome(rule, null)),
    ]
  }
}

@Resolver(() => DirectoryRoleChange)
export class DirectoryRoleChangeFields {
  @FieldResolver(() => MemberType, { nullable: true, description: 'Whose role it is; null without member.read.' })
  async member(
    @Root() { row }: DirectoryRoleChange,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberType | null> {
    return nullWhenForbidden(context, info, () => nullWhenNotFound(() => loadMember(context, row.memberId)))
  }
}

@Resolver(() => DecisionReason)
export class DecisionReasonRuleQuery {
  @FieldResolver(() => DirectoryRule, {
    nullable: true,
    description: 'The rule of a directory that gave it; null when people or a default did, and without directory.read.',
  })
  async directoryRule(
    @Root() { given }: DecisionReason,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DirectoryRule | null> {
    if (!given) return null
    return nullWhenForbidden(context, info, async () => {
      const rule = await ('memberId' in given
        ? context.loaders
            .of<GroupRuleRow>('rule-of-member', (operation, memberIds) =>
              operation.execute(explainGivenRoles, { memberIds }),
            )
            .load(given.memberId)
        : context.loaders
            .of<GroupRuleRow>('rule-of-grant', (operation, grantIds) => operation.execute(explainGrants, { grantIds }))
            .load(given.grantId))
      return (rule && (await rulesOf(context, rule.directoryId)).find(({ row }) => row.id === rule.id)) || null
    })
  }
}

/** The rules of a directory, with those of others asked for at the same time. */
async function rulesOf(context: GraphQLContext, directoryId: string): Promise<DirectoryRule[]> {
  const loader = context.loaders.of<GroupRuleRow[]>('directory-rules', (operation, directoryIds) =>
    operation.execute(getDirectoryRules, { directoryIds }),
  )
  return ((await loader.load(directoryId)) ?? []).map(directoryRule)
}
