import type { GraphQLResolveInfo } from 'graphql'
import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  Info,
  InputType,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql'
import {
  countOrganizations,
  listOrganizations,
  type OrganizationOrder,
  type OrganizationStatus,
} from '../../modules/organizations'
import { Count, connectionOf, type OrderDirection, OrderDirectionEnum, PageArgs, PageInfo } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { OrganizationStatusEnum, OrganizationType, organizationNode } from './organization.type'

const OrganizationOrderFieldEnum = { NAME: 'NAME', CREATED_AT: 'CREATED_AT' } as const
registerEnumType(OrganizationOrderFieldEnum, {
  name: 'OrganizationOrderField',
  description: 'What organizations are sorted by.',
  valuesConfig: { NAME: { description: 'Display name.' }, CREATED_AT: { description: 'When they were founded.' } },
})

@InputType('OrganizationFilter', { description: 'Which organizations; all given fields must match.' })
export class OrganizationFilterInput {
  @Field(() => String, { nullable: true, description: 'Part of the name or slug.' }) search?: string | null
  @Field(() => [OrganizationStatusEnum], { nullable: true, description: 'Any when absent.' })
  status?: OrganizationStatus[] | null
}

@InputType('OrganizationOrder', { description: 'How organizations are sorted.' })
export class OrganizationOrderInput {
  @Field(() => OrganizationOrderFieldEnum, { description: 'By what.' }) field: OrganizationOrder['field']
  @Field(() => OrderDirectionEnum, { description: 'Which way.' }) direction: OrderDirection
}

@ObjectType({ simpleResolvers: true, description: 'An organization in a list.' })
export class OrganizationEdge {
  @Field(() => String, { description: 'Continue after or before it.' }) cursor: string
  @Field(() => OrganizationType, { description: 'The organization.' }) node: OrganizationType
}

@ObjectType({ description: 'Organizations of the installation.' })
export class OrganizationConnection {
  @Field(() => [OrganizationEdge], { description: 'The page, with cursors.' }) edges: OrganizationEdge[]
  @Field(() => [OrganizationType], { description: 'The page.' }) nodes: OrganizationType[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
  /** Counts when it is called. */
  readonly count: () => Promise<Count>

  @Field(() => Count, { description: 'How many match; counted only when selected, up to 10,000.' })
  totalCount(): Promise<Count> {
    return this.count()
  }
}

@Resolver()
export class OrganizationListQuery {
  @Directive('@can(do: "operator")')
  @Query(() => OrganizationConnection, {
    nullable: true,
    description: 'All organizations of the installation, for its operator. People find theirs in viewer.memberships.',
  })
  async organizations(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => OrganizationFilterInput, { nullable: true, description: 'Which ones.' })
    filter: OrganizationFilterInput | null,
    @Arg('orderBy', () => OrganizationOrderInput, { nullable: true, description: 'By name when absent.' })
    orderBy: OrganizationOrderInput | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<OrganizationConnection | null> {
    const wanted = { search: filter?.search?.trim() || null, status: filter?.status ?? null }
    const order: OrganizationOrder = orderBy ?? { field: 'NAME', direction: 'ASC' }
    return nullWhenForbidden(context, info, async () => {
      const rows = await context.operation.execute(listOrganizations, { page, filter: wanted, order })
      const count = () => context.operation.execute(countOrganizations, { filter: wanted })
      return Object.assign(new OrganizationConnection(), connectionOf(rows, organizationNode), { count })
    })
  }
}
