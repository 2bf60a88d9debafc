import { Arg, Ctx, Directive, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql'
import { createInvitationLink } from '../../modules/invitations'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'
import { InvitationType, invitationNode } from './invitation.type'

@ObjectType({ implements: Payload, description: 'A link to hand out.' })
export class InvitationLinkPayload extends Payload {
  @Field(() => InvitationType, { nullable: true, description: 'The invitation it opens.' })
  invitation?: InvitationType | null
  @Field(() => String, { nullable: true, description: 'The link; shown once.' }) url?: string | null
}

@Resolver()
export class CreateInvitationLinkMutation {
  @Directive('@can(do: "invitation.create")')
  @Mutation(() => InvitationLinkPayload, {
    nullable: true,
    description:
      'Makes a new link for places without mail. The lifetime begins anew, and links sent before stop working. Accepting still needs the invited address.',
  })
  async createInvitationLink(
    @Arg('id', () => ID, { description: 'A pending or expired invitation.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<InvitationLinkPayload> {
    return payload(async () => {
      const link = await context.operation.execute(createInvitationLink, { id: readId('Invitation', id, ['id']) })
      return { invitation: invitationNode(link.invitation), url: `${context.publicUrl}/invitations/${link.token}` }
    })
  }
}
