import { Arg, Ctx, Directive, Field, ID, InputType, Query, Resolver } from 'type-graphql'
import { fromTypeId } from '../../kernel/ids'
import { findOrganizationId, getOrganization } from '../../modules/organizations'
import type { GraphQLContext } from '../context'
import { nullWhenNotFound } from '../guard'
import { registerNode } from '../node'
import { OrganizationType, organizationNode } from './organization.type'

@Directive('@oneOf')
@InputType({ description: 'Names one organization.' })
export class OrganizationBy {
  @Field(() => ID, { nullable: true, description: 'Its global id.' }) id?: string
  @Field(() => String, { nullable: true, description: 'Its unique name in URLs.' }) slug?: string
}

@Resolver()
export class OrganizationQuery {
  @Query(() => OrganizationType, {
    nullable: true,
    description: 'One organization; null when it does not exist or the caller is not in it.',
  })
  async organization(
    @Arg('by', () => OrganizationBy, { description: 'Which one.' }) by: OrganizationBy,
    @Ctx() context: GraphQLContext,
  ): Promise<OrganizationType | null> {
    const organizationId = by.id
      ? fromTypeId('Organization', by.id)
      : await context.operation.execute(findOrganizationId, { slug: by.slug ?? '' })
    return organizationId ? nullWhenNotFound(() => loadOrganization(context, organizationId)) : null
  }
}

/** The organization as the caller sees it. @throws NOT_FOUND */
export async function loadOrganization(context: GraphQLContext, organizationId: string): Promise<OrganizationType> {
  return organizationNode(await context.operation.execute(getOrganization, { organizationId }))
}

registerNode('Organization', loadOrganization)
