import type { GraphQLResolveInfo } from 'graphql'
import { Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import { getDomain, listDomains } from '../../modules/domains'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { DomainType, domainNode } from './domain.type'

@Resolver(() => OrganizationType)
export class OrganizationDomainsQuery {
  @Directive('@can(do: "domain.read")')
  @FieldResolver(() => [DomainType], { nullable: true, description: 'The domains that it claims, oldest first.' })
  async domains(
    @Root() organization: OrganizationType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DomainType[] | null> {
    return nullWhenForbidden(context, info, async () => {
      const domains = await context.operation.execute(listDomains, { organizationId: organization.uuid })
      return domains.map(domainNode)
    })
  }
}

/** The domain as the caller sees it. @throws NOT_FOUND */
export async function loadDomain(context: GraphQLContext, domainId: string): Promise<DomainType> {
  return domainNode(await context.operation.execute(getDomain, { domainId }))
}

registerNode('Domain', loadDomain)
