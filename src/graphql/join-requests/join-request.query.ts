import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import { notFound } from '../../access'
import {
  getJoinRequests,
  type JoinRequestRow,
  type JoinRequestStatus,
  listJoinRequests,
  listOrganizationSuggestions,
  listOwnJoinRequests,
} from '../../modules/join-requests'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { ViewerType } from '../viewer/viewer.type'
import {
  JoinRequestConnection,
  JoinRequestStatusEnum,
  type JoinRequestType,
  joinRequestNode,
  OrganizationSuggestionType,
  OwnJoinRequestType,
  ownJoinRequest,
  suggestionOf,
} from './join-request.type'

@Resolver(() => OrganizationType)
export class OrganizationJoinRequestsQuery {
  @Directive('@can(do: "join_request.read")')
  @FieldResolver(() => JoinRequestConnection, {
    nullable: true,
    description: 'Who has asked to be let in, newest first; those who wait when nothing is said.',
  })
  async joinRequests(
    @Root() organization: OrganizationType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('status', () => [JoinRequestStatusEnum], { nullable: true, description: 'Only these.' })
    status: JoinRequestStatus[] | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<JoinRequestConnection | null> {
    const input = { organizationId: organization.uuid, status: status ?? (['PENDING'] as const), page }
    const requests = await nullWhenForbidden(context, info, () => context.operation.execute(listJoinRequests, input))
    return requests && connectionOf(requests, joinRequestNode)
  }
}

@Resolver(() => ViewerType)
export class ViewerJoinRequestsQuery {
  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [OwnJoinRequestType], {
    description: 'The newest own request to each organization, newest first. Needs an account session.',
  })
  async joinRequests(@Ctx() { operation }: GraphQLContext): Promise<OwnJoinRequestType[]> {
    return (await operation.execute(listOwnJoinRequests, {})).map(ownJoinRequest)
  }

  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [OrganizationSuggestionType], {
    description:
      'Organizations that the viewer may ask to be let in, by the domain of a verified address. Needs an account session.',
  })
  async suggestedOrganizations(@Ctx() { operation }: GraphQLContext): Promise<OrganizationSuggestionType[]> {
    return (await operation.execute(listOrganizationSuggestions, {})).map(suggestionOf)
  }
}

/** A request as the caller sees it, in one statement with the others asked for at the same time. @throws NOT_FOUND */
export async function loadJoinRequest(context: GraphQLContext, id: string): Promise<JoinRequestType> {
  const loader = context.loaders.of<JoinRequestRow>('joinRequest', (operation, ids) =>
    operation.execute(getJoinRequests, { ids }),
  )
  const row = await loader.load(id)
  if (!row) throw notFound('The request')
  return joinRequestNode(row)
}

registerNode('JoinRequest', loadJoinRequest)
