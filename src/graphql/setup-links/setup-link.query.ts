import type { GraphQLResolveInfo } from 'graphql'
import { Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import { getSetupLink, listSetupLinks } from '../../modules/setup-links'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { SetupLinkType, setupLinkNode } from './setup-link.type'

@Resolver(() => OrganizationType)
export class OrganizationSetupLinksQuery {
  @Directive('@can(do: "setup_link.manage")')
  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [SetupLinkType], {
    nullable: true,
    description: 'The set-up links that still work, newest first, at most 100.',
  })
  async setupLinks(
    @Root() organization: OrganizationType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SetupLinkType[] | null> {
    const organizationId = organization.uuid
    return nullWhenForbidden(context, info, async () =>
      (await context.operation.execute(listSetupLinks, { organizationId })).map(setupLinkNode),
    )
  }
}

/** The link as the caller sees it. @throws NOT_FOUND */
export async function loadSetupLink({ operation }: GraphQLContext, linkId: string): Promise<SetupLinkType> {
  return setupLinkNode(await operation.execute(getSetupLink, { linkId }))
}

registerNode('SetupLink', loadSetupLink)
