import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { revokeApiKey } from '../../modules/api-keys'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { ApiKeyPayload } from './api-key.payload'
import { apiKeyNode } from './api-key.type'

@Resolver()
export class RevokeApiKeyMutation {
  @Directive('@can(do: "api_key.revoke")')
  @Mutation(() => ApiKeyPayload, {
    nullable: true,
    description: 'Ends a key at once and for good. People end their own, Admins all of them, and a key itself.',
  })
  async revokeApiKey(
    @Arg('id', () => ID, { description: 'Which key.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<ApiKeyPayload> {
    return payload(async () => {
      const apiKeyId = readId('ApiKey', id, ['id'])
      return { apiKey: apiKeyNode(await context.operation.execute(revokeApiKey, { apiKeyId })) }
    })
  }
}
