import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { revokeScimToken } from '../../modules/directories'
import type { GraphQLContext } from '../context'
import { DeletePayload } from '../delete.payload'
import { readId } from '../id'
import { payload } from '../payload.type'

@Resolver()
export class RevokeScimTokenMutation {
  @Directive('@can(do: "directory.manage")')
  @Mutation(() => DeletePayload, { nullable: true, description: 'Ends a token; the next request with it is refused.' })
  async revokeScimToken(
    @Arg('id', () => ID, { description: 'Which token.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<DeletePayload> {
    return payload(async () => {
      await context.operation.execute(revokeScimToken, { tokenId: readId('ScimToken', id, ['id']) })
      return { deletedId: id }
    })
  }
}
