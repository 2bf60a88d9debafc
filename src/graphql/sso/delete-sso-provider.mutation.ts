import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { deleteSsoProvider } from '../../modules/sso'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'

import { DeleteSsoProviderPayload } from './delete-sso-provider.payload'

@Resolver()
export class DeleteSsoProviderMutation {
  @Directive('@can(do: "sso.manage")')
  @Mutation(() => DeleteSsoProviderPayload, {
    nullable: true,
    description: 'Deletes a connection. Sessions that began with it end at once; the members stay.',
  })
  async deleteSsoProvider(
    @Arg('id', () => ID, { description: 'Which connection.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<DeleteSsoProviderPayload> {
    return payload(async () => {
      const providerId = readId('SsoProvider', id, ['id'])
      const ended = await context.operation.execute(deleteSsoProvider, { providerId })
      return { deletedId: id, sessionsEnded: ended.sessions, refreshTokensRevoked: ended.refreshTokens }
    })
  }
}
