import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql'
import { cancelJoinRequest, listOwnJoinRequests } from '../../modules/join-requests'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { JoinRequestPayload, ownRequest } from './create-join-request.mutation'

@Resolver()
export class CancelJoinRequestMutation {
  @Mutation(() => JoinRequestPayload, {
    nullable: true,
    description: 'Takes back an own request that waits. Needs an account session.',
  })
  async cancelJoinRequest(
    @Arg('id', () => ID, { description: 'Of viewer.joinRequests.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<JoinRequestPayload> {
    return payload(async () => {
      const requestId = readId('JoinRequest', id, ['id'])
      const mine = (await context.operation.execute(listOwnJoinRequests, {})).find((each) => each.id === requestId)
      // No organization has the id of a request: whoever is not signed in is told so, and anybody else NOT_FOUND.
      const organizationId = mine?.organizationId ?? requestId
      await context.operation.execute(cancelJoinRequest, { organizationId, requestId })
      return { joinRequest: await ownRequest(context, requestId) }
    })
  }
}
