import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql'
import { notFound } from '../../access'
import { createJoinRequest, listOwnJoinRequests } from '../../modules/join-requests'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'
import { OwnJoinRequestType, ownJoinRequest } from './join-request.type'

@ObjectType({ implements: Payload, description: 'The own request as it is now.' })
export class JoinRequestPayload extends Payload {
  @Field(() => OwnJoinRequestType, { nullable: true, description: 'The own request as it is now.' })
  joinRequest?: OwnJoinRequestType | null
}

@Resolver()
export class CreateJoinRequestMutation {
  @Mutation(() => JoinRequestPayload, {
    nullable: true,
    description:
      'Asks an organization of viewer.suggestedOrganizations to be let in; its Admins decide. Needs an account session.',
  })
  async createJoinRequest(
    @Arg('organizationId', () => ID, { description: 'Whom to ask.' }) organizationId: string,
    @Arg('message', () => String, { nullable: true, description: 'For those who decide; at most 500 characters.' })
    message: string | null,
    @Ctx() context: GraphQLContext,
  ): Promise<JoinRequestPayload> {
    return payload(async () => {
      const asked = readId('Organization', organizationId, ['organizationId'])
      const id = await context.operation.execute(createJoinRequest, { organizationId: asked, message })
      return { joinRequest: await ownRequest(context, id) }
    })
  }
}

/** An own request by its row's id. @throws NOT_FOUND */
export async function ownRequest({ operation }: GraphQLContext, id: string): Promise<OwnJoinRequestType> {
  const request = (await operation.execute(listOwnJoinRequests, {})).find((each) => each.id === id)
  if (!request) throw notFound('The request')
  return ownJoinRequest(request)
}
