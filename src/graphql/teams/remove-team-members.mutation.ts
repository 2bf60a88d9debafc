import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { removeTeamMembers } from '../../modules/teams'
import type { GraphQLContext } from '../context'
import { TeamMembersPayload, teamMembersPayload } from './team.payload'

@Resolver()
export class RemoveTeamMembersMutation {
  @Directive('@can(do: "team.member.manage")')
  @Mutation(() => TeamMembersPayload, {
    nullable: true,
    description:
      'Takes members out of a team; what only the team gave them ends at once. Managers of the team need no permission of the organization.',
  })
  async removeTeamMembers(
    @Arg('teamId', () => ID, { description: 'Which team.' }) teamId: string,
    @Arg('memberIds', () => [ID], { description: 'Whom, at most 1,000.' }) memberIds: string[],
    @Ctx() context: GraphQLContext,
  ): Promise<TeamMembersPayload> {
    return teamMembersPayload(teamId, memberIds, (input) => context.operation.execute(removeTeamMembers, input))
  }
}
