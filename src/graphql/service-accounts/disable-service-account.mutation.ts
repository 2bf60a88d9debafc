import { Arg, Ctx, Directive, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { disableServiceAccount } from '../../modules/service-accounts'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'
import { loadServiceAccount } from './service-account.query'
import { ServiceAccountType } from './service-account.type'

@ObjectType({ implements: Payload, description: 'The disabled service account and what ended with it.' })
export class DisableServiceAccountPayload extends Payload {
  @Field(() => ServiceAccountType, { nullable: true, description: 'The service account; null when nothing changed.' })
  serviceAccount?: ServiceAccountType | null
  @Field(() => Int, { nullable: true, description: 'Keys that were alive until now.' }) apiKeysRevoked?: number | null
}

@Resolver()
export class DisableServiceAccountMutation {
  @Directive('@can(do: "service_account.manage")')
  @Mutation(() => DisableServiceAccountPayload, {
    nullable: true,
    description: 'Takes a service account out of use. Its keys end at once and for good.',
  })
  async disableServiceAccount(
    @Arg('id', () => ID, { description: 'Which service account.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<DisableServiceAccountPayload> {
    return payload(async () => {
      const serviceAccountId = readId('ServiceAccount', id, ['id'])
      const apiKeysRevoked = await context.operation.execute(disableServiceAccount, { serviceAccountId })
      return { serviceAccount: await loadServiceAccount(context, serviceAccountId), apiKeysRevoked }
    })
  }
}
