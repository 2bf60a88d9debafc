import { Arg, Ctx, Directive, ID, Int, Mutation, Resolver } from 'type-graphql'
import { type GroupRuleInput, setDirectoryRules } from '../../modules/directories'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { loadDirectory } from './directory.query'
import { DirectoryRuleInput, DirectoryRulesPayload, directoryRule } from './directory-rule.type'

const MOST_SHOWN = 100

@Resolver()
export class SetDirectoryRulesMutation {
  @Directive('@can(do: "directory.manage")')
  @Mutation(() => DirectoryRulesPayload, {
    nullable: true,
    description:
      'Sets what the groups of a directory give, all of it anew; people are brought to it at once. With dryRun nothing changes, and the answer says who would change how.',
  })
  async setDirectoryRules(
    @Arg('id', () => ID, { description: 'Which directory.' }) id: string,
    @Arg('rules', () => [DirectoryRuleInput], { description: 'In the order in which they count; at most 200.' })
    rules: DirectoryRuleInput[],
    @Arg('expectedVersion', () => Int, {
      nullable: true,
      description: 'Refuse when the directory is at another version.',
    })
    expectedVersion: number | null,
    @Arg('dryRun', () => Boolean, { defaultValue: false, description: 'Only say what would change.' }) dryRun: boolean,
    @Ctx() context: GraphQLContext,
  ): Promise<DirectoryRulesPayload> {
    return payload(async () => {
      const directoryId = readId('Directory', id, ['id'])
      const set = await context.operation.execute(setDirectoryRules, {
        directoryId,
        rules: rules.map(readRule),
        expectedVersion: expectedVersion ?? null,
        dryRun,
      })
      const shown = set.rules.map(directoryRule)
      const changes = set.changes.slice(0, MOST_SHOWN).map((row) => ({
        row,
        roleBefore: row.roleBefore.name,
        roleAfter: row.roleAfter.name,
        rule: shown.find((rule) => rule.row.id === row.ruleId) ?? null,
      }))
      return {
        directory: await loadDirectory(context, directoryId),
        rules: shown,
        changeCount: set.changes.length,
        changes,
      }
    })
  }
}

function readRule({ groupId, roleId, projectId, teamId }: DirectoryRuleInput, index: number): GroupRuleInput {
  const path = (name: string) => ['rules', String(index), name]
  return {
    groupId: readId('DirectoryGroup', groupId, path('groupId')),
    roleId: roleId ? readId('Role', roleId, path('roleId')) : null,
    projectId: projectId ? readId('Project', projectId, path('projectId')) : null,
    teamId: teamId ? readId('Team', teamId, path('teamId')) : null,
  }
}
