import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { createTeam } from '../../modules/teams'
import type { GraphQLContext } from '../context'
import { nullWhenNotFound } from '../guard'
import { readId } from '../id'
import { payload } from '../payload.type'
import { readTeamDraft, TeamInput } from './team.input'
import { TeamPayload } from './team.payload'
import { loadTeam } from './team.query'

@Resolver()
export class CreateTeamMutation {
  @Directive('@can(do: "team.create")')
  @Mutation(() => TeamPayload, { nullable: true, description: 'Creates an empty team, also below another one.' })
  async createTeam(
    @Arg('organizationId', () => ID, { description: 'Where.' }) organizationId: string,
    @Arg('input', () => TeamInput, { description: 'What it is made of.' }) input: TeamInput,
    @Ctx() context: GraphQLContext,
  ): Promise<TeamPayload> {
    return payload(async () => {
      const organization = readId('Organization', organizationId, ['organizationId'])
      const draft = readTeamDraft(input)
      const id = await context.operation.execute(createTeam, { organizationId: organization, draft })
      return { team: await nullWhenNotFound(() => loadTeam(context, id)) }
    })
  }
}
