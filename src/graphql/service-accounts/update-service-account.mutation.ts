import { Arg, Ctx, Directive, ID, Int, Mutation, Resolver } from 'type-graphql'
import { updateServiceAccount } from '../../modules/service-accounts'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { ServiceAccountInput } from './service-account.input'
import { ServiceAccountPayload } from './service-account.payload'
import { loadServiceAccount } from './service-account.query'

@Resolver()
export class UpdateServiceAccountMutation {
  @Directive('@can(do: "service_account.manage")')
  @Mutation(() => ServiceAccountPayload, {
    nullable: true,
    description: 'Renames or describes a service account, or gives it another role.',
  })
  async updateServiceAccount(
    @Arg('id', () => ID, { description: 'Which service account.' }) id: string,
    @Arg('input', () => ServiceAccountInput, { description: 'What to change.' })
    { roleId: role, ...draft }: ServiceAccountInput,
    @Arg('expectedVersion', () => Int, { nullable: true, description: 'Refuse when it is at another version.' })
    expectedVersion: number | null,
    @Ctx() context: GraphQLContext,
  ): Promise<ServiceAccountPayload> {
    return payload(async () => {
      const serviceAccountId = readId('ServiceAccount', id, ['id'])
      const roleId = role ? readId('Role', role, ['input', 'roleId']) : null
      await context.operation.execute(updateServiceAccount, { serviceAccountId, draft, roleId, expectedVersion })
      return { serviceAccount: await loadServiceAccount(context, serviceAccountId) }
    })
  }
}
