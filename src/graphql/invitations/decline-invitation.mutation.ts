import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql'
import { toTypeId } from '../../kernel/ids'
import { declineInvitation } from '../../modules/invitations'
import type { GraphQLContext } from '../context'
import { Payload, payload } from '../payload.type'
import { AnswerInvitationInput, readAnswer } from './answer-invitation.input'

@ObjectType({ implements: Payload, description: 'The invitation that was refused.' })
export class DeclineInvitationPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'Its id; null when nothing changed.' }) declinedId?: string | null
}

@Resolver()
export class DeclineInvitationMutation {
  @Mutation(() => DeclineInvitationPayload, {
    nullable: true,
    description: 'Refuses an invitation. The link is enough, so that nobody has to make an account to say no.',
  })
  async declineInvitation(
    @Arg('input', () => AnswerInvitationInput, { description: 'Which invitation.' }) input: AnswerInvitationInput,
    @Ctx() context: GraphQLContext,
  ): Promise<DeclineInvitationPayload> {
    return payload(async () => {
      const id = await context.operation.execute(declineInvitation, await readAnswer(context, input))
      return { declinedId: toTypeId('Invitation', id) }
    })
  }
}
