import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
import { updateApiKey } from '../../modules/api-keys'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { readId } from '../id'
import { payload } from '../payload.type'
import { ApiKeyPayload } from './api-key.payload'
import { apiKeyNode } from './api-key.type'

@InputType({ description: 'What to change of a key; what is absent stays.' })
export class UpdateApiKeyInput {
  @Field(() => String, { nullable: true, description: 'At most 100 characters.' }) name?: string | null
  @Field(() => [String], {
    nullable: true,
    description: 'What it is cut down to; null gives it everything its owner may do, but not the key of a project.',
  })
  permissions?: string[] | null
  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; null for as late as possible.' })
  expiresAt?: Date | null
}

@Resolver()
export class UpdateApiKeyMutation {
  @Directive('@can(do: "api_key.create")')
  @Mutation(() => ApiKeyPayload, {
    nullable: true,
    description: 'Renames a live key, or gives it other permissions or another end.',
  })
  async updateApiKey(
    @Arg('id', () => ID, { description: 'Which key.' }) id: string,
    @Arg('input', () => UpdateApiKeyInput, { description: 'What to change.' }) changes: UpdateApiKeyInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ApiKeyPayload> {
    return payload(async () => {
      const apiKeyId = readId('ApiKey', id, ['id'])
      return { apiKey: apiKeyNode(await context.operation.execute(updateApiKey, { ...changes, apiKeyId })) }
    })
  }
}
