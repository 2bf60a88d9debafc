import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql'
import { unlinkIdentity } from '../../modules/sessions'
import type { GraphQLContext } from '../context'
import { DeletePayload } from '../delete.payload'
import { readId } from '../id'
import { payload } from '../payload.type'

@Resolver()
export class UnlinkIdentityMutation {
  @Mutation(() => DeletePayload, {
    nullable: true,
    description:
      'Takes a way to sign in from the own account; one always stays. Every session that was opened with it ends at once, in organizations too, and so does the session that asks if it is one of them. Needs an account session.',
  })
  async unlinkIdentity(
    @Arg('id', () => ID, { description: 'Global id of the identity.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<DeletePayload> {
    return payload(async () => {
      const identityId = readId('ExternalIdentity', id, ['id'])
      await context.operation.execute(unlinkIdentity, { identityId })
      return { deletedId: id }
    })
  }
}
