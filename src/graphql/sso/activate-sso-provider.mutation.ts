import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { activateSsoProvider } from '../../modules/sso'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { loadSsoProvider } from './sso-provider.query'
import { SsoProviderPayload } from './sso-provider.type'

@Resolver()
export class ActivateSsoProviderMutation {
  @Directive('@can(do: "sso.manage")')
  @Mutation(() => SsoProviderPayload, {
    nullable: true,
    description: 'Puts a tested connection to use, where members come by SSO.',
  })
  async activateSsoProvider(
    @Arg('id', () => ID, { description: 'Which connection.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<SsoProviderPayload> {
    return payload(async () => {
      const providerId = readId('SsoProvider', id, ['id'])
      await context.operation.execute(activateSsoProvider, { providerId })
      return { provider: await loadSsoProvider(context, providerId) }
    })
  }
}
