import { Arg, Ctx, Directive, ID, Int, Mutation, Resolver } from 'type-graphql'
import { rotateApiKey } from '../../modules/api-keys'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { NewApiKeyPayload } from './api-key.payload'
import { apiKeyNode } from './api-key.type'

@Resolver()
export class RotateApiKeyMutation {
  @Directive('@can(do: "api_key.create")')
  @Mutation(() => NewApiKeyPayload, {
    nullable: true,
    description: 'Makes the successor of a key, with the same rights. The old one ends after the overlap.',
  })
  async rotateApiKey(
    @Arg('id', () => ID, { description: 'Which key.' }) id: string,
    @Arg('overlapHours', () => Int, {
      defaultValue: 24,
      description: '0 to 168: how long the old key still works. With 0 it ends at once.',
    })
    overlapHours: number,
    @Ctx() context: GraphQLContext,
  ): Promise<NewApiKeyPayload> {
    return payload(async () => {
      const apiKeyId = readId('ApiKey', id, ['id'])
      const created = await context.operation.execute(rotateApiKey, { apiKeyId, overlapHours })
      return { apiKey: apiKeyNode(created.key), secret: created.secret }
    })
  }
}
