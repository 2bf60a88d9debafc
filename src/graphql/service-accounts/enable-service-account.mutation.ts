import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { enableServiceAccount } from '../../modules/service-accounts'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { ServiceAccountPayload } from './service-account.payload'
import { loadServiceAccount } from './service-account.query'

@Resolver()
export class EnableServiceAccountMutation {
  @Directive('@can(do: "service_account.manage")')
  @Mutation(() => ServiceAccountPayload, {
    nullable: true,
    description: 'Takes a service account into use again. Its former keys stay ended.',
  })
  async enableServiceAccount(
    @Arg('id', () => ID, { description: 'Which service account.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<ServiceAccountPayload> {
    return payload(async () => {
      const serviceAccountId = readId('ServiceAccount', id, ['id'])
      await context.operation.execute(enableServiceAccount, { serviceAccountId })
      return { serviceAccount: await loadServiceAccount(context, serviceAccountId) }
    })
  }
}
