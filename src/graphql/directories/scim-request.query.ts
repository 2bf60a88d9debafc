import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import { getScimRequest, listScimRequests, type ScimRequestFilter } from '../../modules/directories'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden, nullWhenNotFound } from '../guard'
import { readId } from '../id'
import { loadMember } from '../members/member.query'
import { MemberType } from '../members/member.type'
import { Node, registerNode } from '../node'
import { DirectoryType } from './directory.type'
import { directoryGroupOf } from './directory-group.query'
import { directoryUserOf } from './directory-user.query'
import { ScimRequestConnection, ScimRequestFilterInput, ScimRequestType, scimRequestNode } from './scim-request.type'

@Resolver(() => DirectoryType)
export class DirectoryRequestsQuery {
  @Directive('@can(do: "directory.log.read")')
  @FieldResolver(() => ScimRequestConnection, {
    nullable: true,
    description: 'What the identity provider asked and was answered, newest first; also with wrong tokens.',
  })
  async requests(
    @Root() { row }: DirectoryType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ScimRequestFilterInput, { nullable: true, description: 'Only these.' })
    filterInput: ScimRequestFilterInput | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ScimRequestConnection | null> {
    const filter = readFilter(filterInput ?? {})
    return nullWhenForbidden(context, info, async () =>
      connectionOf(
        await context.operation.execute(listScimRequests, { directoryId: row.id, page, filter }),
        scimRequestNode,
      ),
    )
  }
}

@Resolver(() => ScimRequestType)
export class ScimRequestFieldsResolver {
  @FieldResolver(() => Node, {
    nullable: true,
    description: 'The person or group it was about; null when it is not known, gone, or not to be seen.',
  })
  async target(
    @Root() { row }: ScimRequestType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Node | null> {
    const { directoryUserId, directoryGroupId } = row
    if (directoryUserId) return nullWhenForbidden(context, info, () => directoryUserOf(context, directoryUserId))
    if (directoryGroupId) return nullWhenForbidden(context, info, () => directoryGroupOf(context, directoryGroupId))
    return null
  }

  @Directive('@can(do: "member.read")')
  @FieldResolver(() => MemberType, { nullable: true, description: 'The member that it changed.' })
  async member(
    @Root() { row }: ScimRequestType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberType | null> {
    const { memberId } = row
    if (!memberId) return null
    return nullWhenForbidden(context, info, () => nullWhenNotFound(() => loadMember(context, memberId)))
  }
}

function readFilter(input: ScimRequestFilterInput): ScimRequestFilter {
  const { directoryUserId, memberId } = input
  return {
    onlyErrors: input.onlyErrors ?? false,
    methods: input.method ?? null,
    resourceType: input.resourceType ?? null,
    directoryUserId: directoryUserId ? readId('DirectoryUser', directoryUserId, ['filter', 'directoryUserId']) : null,
    memberId: memberId ? readId('Member', memberId, ['filter', 'memberId']) : null,
    search: input.search ?? null,
    from: input.from ?? null,
    to: input.to ?? null,
  }
}

registerNode('ScimRequest', async (context, id) =>
  scimRequestNode(await context.operation.execute(getScimRequest, { id })),
)
