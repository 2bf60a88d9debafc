import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { addTeamMembers, type TeamRole } from '../../modules/teams'
import type { GraphQLContext } from '../context'
import { TeamMembersPayload, teamMembersPayload } from './team.payload'
import { TeamRoleEnum } from './team.type'

@Resolver()
export class AddTeamMembersMutation {
  @Directive('@can(do: "team.member.manage")')
  @Mutation(() => TeamMembersPayload, {
    nullable: true,
    description:
      'Puts members into a team, or changes what they are in it. Managers of the team need no permission of the organization. Refused where the team grants more than the caller holds.',
  })
  async addTeamMembers(
    @Arg('teamId', () => ID, { description: 'Which team.' }) teamId: string,
    @Arg('memberIds', () => [ID], {
      description: 'Whom, at most 1,000; also people invited who have not accepted yet.',
    })
    memberIds: string[],
    @Arg('role', () => TeamRoleEnum, { defaultValue: 'MEMBER', description: 'What they are to be in it.' })
    role: TeamRole,
    @Ctx() context: GraphQLContext,
  ): Promise<TeamMembersPayload> {
    return teamMembersPayload(teamId, memberIds, (input) =>
      context.operation.execute(addTeamMembers, { ...input, role }),
    )
  }
}
