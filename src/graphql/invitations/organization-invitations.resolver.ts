import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Directive, Field, FieldResolver, Info, InputType, Resolver, Root } from 'type-graphql'
import { countInvitations, type InvitationStatus, listInvitations } from '../../modules/invitations'
import { connectionOf, PageArgs } from '../connection.type'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { OrganizationType } from '../organizations/organization.type'
import { InvitationConnection, InvitationStatusEnum, invitationNode } from './invitation.type'

@InputType('InvitationFilter', { description: 'Which invitations; all given fields must match.' })
export class InvitationFilterInput {
  @Field(() => String, { nullable: true, description: 'Part of the address.' }) search?: string | null
  @Field(() => [InvitationStatusEnum], { nullable: true, description: 'PENDING and EXPIRED ones when absent.' })
  status?: InvitationStatus[] | null
}

@Resolver(() => OrganizationType)
export class OrganizationInvitationsResolver {
  @Directive('@can(do: "invitation.read")')
  @FieldResolver(() => InvitationConnection, { nullable: true, description: 'Invitations, newest first.' })
  async invitations(
    @Root() organization: OrganizationType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => InvitationFilterInput, { nullable: true, description: 'Which ones.' })
    filter: InvitationFilterInput | null,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<InvitationConnection | null> {
    const query = { organizationId: organization.uuid, ...filter }
    const invitations = await nullWhenForbidden(context, info, () =>
      context.operation.execute(listInvitations, { ...query, page }),
    )
    if (!invitations) return null
    const count = () => context.operation.execute(countInvitations, query)
    return Object.assign(new InvitationConnection(), connectionOf(invitations, invitationNode), { count })
  }
}
