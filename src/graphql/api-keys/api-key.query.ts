import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql'
import { actorMemberId } from '../../access'
import { AppError } from '../../kernel/errors'
import { parseTypeId } from '../../kernel/ids'
import {
  type ApiKeyFilter,
  type ApiKeyRow,
  type ApiKeyQuery as Asked,
  countApiKeys,
  getApiKey,
  getCurrentApiKey,
  getMemberApiKeys,
  getServiceAccountApiKeys,
  listApiKeys,
} from '../../modules/api-keys'
import { getActor } from '../../modules/sessions'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { MemberType } from '../members/member.type'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { ProjectType } from '../projects/project.type'
import { ServiceAccountType } from '../service-accounts/service-account.type'
import { ApiKeyConnection, ApiKeyFilterInput, ApiKeyType, apiKeyNode } from './api-key.type'

@Resolver()
export class ApiKeyQuery {
  @Query(() => ApiKeyType, { nullable: true, description: 'The key that asks; null for every other caller.' })
  async currentApiKey(@Ctx() context: GraphQLContext): Promise<ApiKeyType | null> {
    const row = await context.operation.execute(getCurrentApiKey, {})
    return row && apiKeyNode(row)
  }
}

@Resolver(() => OrganizationType)
export class OrganizationApiKeysQuery {
  @Directive('@can(do: "api_key.read")')
  @FieldResolver(() => ApiKeyConnection, {
    nullable: true,
    description: 'Every key, personal ones too, but those of projects that the viewer does not see; latest first.',
  })
  async apiKeys(
    @Root() _organization: OrganizationType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ApiKeyFilterInput, { nullable: true, description: 'Live keys when absent.' })
    filter: ApiKeyFilterInput | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApiKeyConnection | null> {
    return nullWhenForbidden(context, info, () => connection(context, readFilter(filter ?? {}, null), page))
  }
}

@Resolver(() => ProjectType)
export class ProjectApiKeysQuery {
  @Directive('@can(do: "api_key.read")')
  @FieldResolver(() => ApiKeyConnection, {
    nullable: true,
    description: 'Its own keys and those of its service accounts, latest first.',
  })
  async apiKeys(
    @Root() project: ProjectType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ApiKeyFilterInput, { nullable: true, description: 'Live keys when absent.' })
    filter: ApiKeyFilterInput | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApiKeyConnection | null> {
    return nullWhenForbidden(context, info, () => connection(context, readFilter(filter ?? {}, project.row.id), page))
  }
}

@Resolver(() => ServiceAccountType)
export class ServiceAccountApiKeysQuery {
  @Directive('@can(do: "api_key.read")')
  @FieldResolver(() => [ApiKeyType], { nullable: true, description: 'Its live keys, latest first, at most 100.' })
  async apiKeys(
    @Root() { row }: ServiceAccountType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApiKeyType[] | null> {
    const { projectId } = row
    return nullWhenForbidden(context, info, async () => {
      const loader = context.loaders.of<ApiKeyRow[]>(`keys-of-service-accounts-in-${projectId}`, (operation, ids) =>
        operation.execute(getServiceAccountApiKeys, { projectId, serviceAccountIds: ids }),
      )
      return ((await loader.load(row.id)) ?? []).map(apiKeyNode)
    })
  }
}

@Resolver(() => MemberType)
export class MemberApiKeysQuery {
  @Directive('@can(do: "api_key.read")')
  @FieldResolver(() => [ApiKeyType], {
    nullable: true,
    description: 'Live personal keys, latest first, at most 100. Everybody sees their own.',
  })
  async apiKeys(
    @Root() { uuid }: MemberType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApiKeyType[] | null> {
    const isOwn = actorMemberId(await context.operation.execute(getActor, {})) === uuid
    return nullWhenForbidden(context, info, async () => {
      // One's own keys are loaded apart: they need no permission, and those of others do.
      const loader = context.loaders.of<ApiKeyRow[]>(isOwn ? 'own-keys' : 'keys-of-members', (operation, memberIds) =>
        operation.execute(getMemberApiKeys, { memberIds }),
      )
      return ((await loader.load(uuid)) ?? []).map(apiKeyNode)
    })
  }
}

async function connection(context: GraphQLContext, asked: Asked, page: PageArgs): Promise<ApiKeyConnection> {
  const rows = await context.operation.execute(listApiKeys, { ...asked, page })
  const count = () => context.operation.execute(countApiKeys, asked)
  return Object.assign(new ApiKeyConnection(), connectionOf(rows, apiKeyNode), { count })
}

function readFilter({ ownerId, ...rest }: ApiKeyFilterInput, projectId: string | null): Asked {
  return { ...rest, projectId, owner: ownerId ? readOwner(ownerId) : null }
}

const OWNER_KINDS = { Member: 'MEMBER', ServiceAccount: 'SERVICE_ACCOUNT', Project: 'PROJECT' } as const

function readOwner(id: string): NonNullable<ApiKeyFilter['owner']> {
  const parsed = parseTypeId(id)
  if (parsed && parsed.type in OWNER_KINDS)
    return { kind: OWNER_KINDS[parsed.type as keyof typeof OWNER_KINDS], id: parsed.uuid }
  throw new AppError('INVALID', 'An owner is a member, a service account or a project.', {
    path: ['filter', 'ownerId'],
  })
}

registerNode('ApiKey', async (context, apiKeyId) =>
  apiKeyNode(await context.operation.execute(getApiKey, { apiKeyId })),
)
