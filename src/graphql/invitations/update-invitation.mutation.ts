import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
import { updateInvitation } from '../../modules/invitations'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { InvitationPayload } from './invitation.payload'
import { invitationNode } from './invitation.type'
import { ProjectGrantInput, readGrants, readRole, readTeams } from './project-grant.input'

@InputType({ description: 'What an invitation shall offer; absent values stay.' })
export class UpdateInvitationInput {
  @Field(() => ID, { nullable: true, description: 'A role of scope ORGANIZATION.' }) roleId?: string | null
  @Field(() => [ProjectGrantInput], { nullable: true, description: 'Replaces the projects; an empty list takes all.' })
  projectGrants?: ProjectGrantInput[] | null
  @Field(() => [ID], { nullable: true, description: 'Replaces the teams, at most 20; an empty list takes all.' })
  teamIds?: string[] | null
}

@Resolver()
export class UpdateInvitationMutation {
  @Directive('@can(do: "invitation.create")')
  @Mutation(() => InvitationPayload, {
    nullable: true,
    description: 'Changes what a pending or expired invitation offers. Its link and lifetime stay.',
  })
  async updateInvitation(
    @Arg('id', () => ID, { description: 'Which invitation.' }) id: string,
    @Arg('input', () => UpdateInvitationInput, { description: 'What changes.' }) input: UpdateInvitationInput,
    @Ctx() context: GraphQLContext,
  ): Promise<InvitationPayload> {
    return payload(async () => {
      const row = await context.operation.execute(updateInvitation, {
        id: readId('Invitation', id, ['id']),
        roleId: readRole(input.roleId),
        projectGrants: readGrants(input.projectGrants),
        teamIds: readTeams(input.teamIds),
      })
      return { invitation: invitationNode(row) }
    })
  }
}
