import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import { notFound } from '../../access'
import {
  countMembers,
  getMemberStats,
  getMembers,
  getViewerMembership,
  listMembers,
  type MemberRow,
} from '../../modules/members'
import { Count, connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { registerNode } from '../node'
import { loadOrganization } from '../organizations/organization.query'
import { OrganizationType } from '../organizations/organization.type'
import { MemberType, memberNode, memberNodes } from './member.type'
import { MemberConnection, MemberStats } from './member-connection.type'
import { MemberFilterInput, MemberOrderInput, readMemberFilter } from './member-filter.input'

@Resolver(() => OrganizationType)
export class OrganizationMembersQuery {
  @Directive('@can(do: "member.read")')
  @FieldResolver(() => MemberConnection, { nullable: true, description: 'The members, latest first unless ordered.' })
  async members(
    @Root() organization: OrganizationType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => MemberFilterInput, { nullable: true, description: 'Only these.' })
    filterInput: MemberFilterInput | null,
    @Arg('orderBy', () => MemberOrderInput, { nullable: true, description: 'How to sort.' })
    order: MemberOrderInput | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberConnection | null> {
    const filter = readMemberFilter(filterInput)
    organizationLoader(context).prime(organization.uuid, organization)
    const organizationId = organization.uuid
    return nullWhenForbidden(context, info, async () => {
      const rows = await context.operation.execute(listMembers, { organizationId, page, filter, order })
      return Object.assign(connectionOf(rows, memberNodes()), { organizationUuid: organizationId, filter })
    })
  }

  @Directive('@can(do: "member.read")')
  @FieldResolver(() => MemberStats, { nullable: true, description: 'How many people there are, by status.' })
  async memberStats(
    @Root() organization: OrganizationType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MemberStats | null> {
    return nullWhenForbidden(context, info, () =>
      context.operation.execute(getMemberStats, { organizationId: organization.uuid }),
    )
  }

  @FieldResolver(() => MemberType, { nullable: true, description: "The caller's own place; null for the operator." })
  async viewerMembership(
    @Root() organization: OrganizationType,
    @Ctx() context: GraphQLContext,
  ): Promise<MemberType | null> {
    const row = await context.operation.execute(getViewerMembership, { organizationId: organization.uuid })
    organizationLoader(context).prime(organization.uuid, organization)
    return row && memberNode(row)
  }
}

@Resolver(() => MemberConnection)
export class MemberConnectionQuery {
  @FieldResolver(() => Count, { description: 'How many members match; counted only when selected, up to 10,000.' })
  async totalCount(@Root() connection: MemberConnection, @Ctx() context: GraphQLContext): Promise<Count> {
    const { organizationUuid: organizationId, filter } = connection
    return context.operation.execute(countMembers, { organizationId, filter })
  }
}

/** A member as the caller sees it, in one statement with the others asked for at the same time. @throws NOT_FOUND */
export async function loadMember(context: GraphQLContext, memberId: string): Promise<MemberType> {
  const loader = context.loaders.of<MemberRow>('member', (operation, ids) => operation.execute(getMembers, { ids }))
  const row = await loader.load(memberId)
  if (!row) throw notFound('The member')
  return memberNode(row)
}

/** The organizations of members, read once per operation. */
export function organizationLoader(context: GraphQLContext) {
  return context.loaders.of<OrganizationType>('organization', async (_, ids) => {
    const organizations = await Promise.all(ids.map((id) => loadOrganization(context, id)))
    return new Map(organizations.map((organization) => [organization.uuid, organization]))
  })
}

registerNode('Member', loadMember)
