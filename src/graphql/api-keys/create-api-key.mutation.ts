import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
import { AppError } from '../../kernel/errors'
import { createApiKey, type KeyOwnerInput } from '../../modules/api-keys'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { readId } from '../id'
import { payload } from '../payload.type'
import { NewApiKeyPayload } from './api-key.payload'
import { apiKeyNode } from './api-key.type'

@Directive('@oneOf')
@InputType({ description: 'Whom a new key acts for.' })
export class ApiKeyOwnerInput {
  @Field(() => ID, { nullable: true, description: 'A personal key: the caller, in this organization.' })
  organizationId?: string
  @Field(() => ID, { nullable: true, description: 'A project, in itself.' }) projectId?: string
  @Field(() => ID, { nullable: true, description: 'A service account, in its project.' }) serviceAccountId?: string
}

@InputType({ description: 'What a new key is made of.' })
export class CreateApiKeyInput {
  @Field(() => String, { description: 'At most 100 characters: what would stop working without it.' }) name: string
  @Field(() => ApiKeyOwnerInput, { description: 'Whom it acts for.' }) owner: ApiKeyOwnerInput
  @Field(() => ID, { nullable: true, description: 'Cuts a personal key down to this project.' })
  projectId?: string | null
  @Field(() => [String], {
    nullable: true,
    description:
      'What it is cut down to, of which the caller holds everything. When absent it may do what its owner may, now and later; the key of a project has to name them.',
  })
  permissions?: string[] | null
  @Field(() => DateTime, {
    nullable: true,
    description: 'When it ends by itself. When absent never, or as late as the organization allows.',
  })
  expiresAt?: Date | null
}

@Resolver()
export class CreateApiKeyMutation {
  @Directive('@can(do: "api_key.create")')
  @Mutation(() => NewApiKeyPayload, {
    nullable: true,
    description: 'Makes a key. Personal ones need no permission, only a session: keys never make keys.',
  })
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'What it is made of.' }) input: CreateApiKeyInput,
    @Ctx() context: GraphQLContext,
  ): Promise<NewApiKeyPayload> {
    return payload(async () => {
      const created = await context.operation.execute(createApiKey, {
        name: input.name,
        owner: readOwner(input.owner),
        projectId: input.projectId ? readId('Project', input.projectId, ['input', 'projectId']) : null,
        permissions: input.permissions ?? null,
        expiresAt: input.expiresAt ?? null,
      })
      return { apiKey: apiKeyNode(created.key), secret: created.secret }
    })
  }
}

function readOwner({ organizationId, projectId, serviceAccountId }: ApiKeyOwnerInput): KeyOwnerInput {
  const path = ['input', 'owner']
  if (organizationId) return { organizationId: readId('Organization', organizationId, [...path, 'organizationId']) }
  if (projectId) return { projectId: readId('Project', projectId, [...path, 'projectId']) }
  if (serviceAccountId)
    return { serviceAccountId: readId('ServiceAccount', serviceAccountId, [...path, 'serviceAccountId']) }
  throw new AppError('INVALID', 'Name whom the key acts for.', { path })
}
