import { Arg, Ctx, Directive, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { deleteServiceAccount } from '../../modules/service-accounts'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'

@ObjectType({ implements: Payload, description: 'The deleted service account and what ended with it.' })
export class DeleteServiceAccountPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The id of what is gone; null when nothing was deleted.' })
  deletedId?: string | null
  @Field(() => Int, { nullable: true, description: 'Keys that were alive until now.' }) apiKeysRevoked?: number | null
}

@Resolver()
export class DeleteServiceAccountMutation {
  @Directive('@can(do: "service_account.manage")')
  @Mutation(() => DeleteServiceAccountPayload, {
    nullable: true,
    description: 'Deletes a service account with its keys, which end at once.',
  })
  async deleteServiceAccount(
    @Arg('id', () => ID, { description: 'Which service account.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<DeleteServiceAccountPayload> {
    return payload(async () => {
      const serviceAccountId = readId('ServiceAccount', id, ['id'])
      const apiKeysRevoked = await context.operation.execute(deleteServiceAccount, { serviceAccountId })
      return { deletedId: id, apiKeysRevoked }
    })
  }
}
