import { Arg, Ctx, Directive, ID, Int, Mutation, Resolver } from 'type-graphql'
import { updateTeam } from '../../modules/teams'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { readTeamDraft, TeamInput } from './team.input'
import { TeamPayload } from './team.payload'
import { loadTeam } from './team.query'

@Resolver()
export class UpdateTeamMutation {
  @Directive('@can(do: "team.update")')
  @Mutation(() => TeamPayload, {
    nullable: true,
    description:
      'Renames, describes or moves a team, the teams below it with it. A move is refused where the new place grants more than the caller holds.',
  })
  async updateTeam(
    @Arg('id', () => ID, { description: 'Which team.' }) id: string,
    @Arg('input', () => TeamInput, { description: 'What changes.' }) input: TeamInput,
    @Arg('expectedVersion', () => Int, { nullable: true, description: 'Refuse when somebody else changed it since.' })
    expectedVersion: number | null,
    @Ctx() context: GraphQLContext,
  ): Promise<TeamPayload> {
    return payload(async () => {
      const teamId = readId('Team', id, ['id'])
      const draft = readTeamDraft(input)
      await context.operation.execute(updateTeam, { teamId, draft, expectedVersion: expectedVersion ?? null })
      return { team: await loadTeam(context, teamId) }
    })
  }
}
