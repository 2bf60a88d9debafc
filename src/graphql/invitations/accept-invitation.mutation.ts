import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, Field, Info, Mutation, ObjectType, Resolver } from 'type-graphql'
import { acceptInvitation } from '../../modules/invitations'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { loadOrganization } from '../organizations/organization.query'
import { OrganizationType } from '../organizations/organization.type'
import { Payload, payload } from '../payload.type'
import { selectedFields } from '../selected-fields'
import { AnswerInvitationInput, readAnswer } from './answer-invitation.input'

@ObjectType({
  implements: Payload,
  description: 'The organization the person has joined; the caller is in a session of it.',
})
export class AcceptInvitationPayload extends Payload {
  @Field(() => OrganizationType, { nullable: true, description: 'The organization.' })
  organization?: OrganizationType | null
  @Field(() => String, {
    nullable: true,
    description: 'Token of the new session, for bearer clients only: browsers get a cookie.',
  })
  token?: string | null
  @Field(() => DateTime, { nullable: true, description: 'When the new session ends.' }) expiresAt?: Date | null
}

@Resolver()
export class AcceptInvitationMutation {
  @Mutation(() => AcceptInvitationPayload, {
    nullable: true,
    description:
      'Joins the organization with the prepared role and projects. Needs an account session of somebody whose identity provider has verified the invited address. Asking again after it worked is answered with a further session.',
  })
  async acceptInvitation(
    @Arg('input', () => AnswerInvitationInput, { description: 'Which invitation.' }) input: AnswerInvitationInput,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AcceptInvitationPayload> {
    return payload(async () => {
      const { session } = await context.operation.execute(acceptInvitation, await readAnswer(context, input))
      const token = context.continueIn(session)
      const organization = selectedFields(info).has('organization')
        ? await loadOrganization(context, session.organizationId)
        : null
      return { organization, token, expiresAt: session.expiresAt }
    })
  }
}
