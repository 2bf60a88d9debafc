import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { disableSsoProvider } from '../../modules/sso'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { loadSsoProvider } from './sso-provider.query'
import { SsoProviderPayload } from './sso-provider.type'

@Resolver()
export class DisableSsoProviderMutation {
  @Directive('@can(do: "sso.manage")')
  @Mutation(() => SsoProviderPayload, {
    nullable: true,
    description: 'Takes a connection out of use. Sessions that began with it end at once.',
  })
  async disableSsoProvider(
    @Arg('id', () => ID, { description: 'Which connection.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<SsoProviderPayload> {
    return payload(async () => {
      const providerId = readId('SsoProvider', id, ['id'])
      const ended = await context.operation.execute(disableSsoProvider, { providerId })
      const provider = await loadSsoProvider(context, providerId)
      return { provider, sessionsEnded: ended.sessions, refreshTokensRevoked: ended.refreshTokens }
    })
  }
}
