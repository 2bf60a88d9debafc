import { Arg, Ctx, FieldResolver, Query, Resolver } from 'type-graphql'
import { listMyInvitations, previewInvitation } from '../../modules/invitations'
import type { GraphQLContext } from '../context'
import { ViewerType } from '../viewer/viewer.type'
import { InvitationPreview, invitationPreview } from './invitation-preview.type'

@Resolver(() => ViewerType)
export class ReceivedInvitationsResolver {
  @Query(() => InvitationPreview, {
    nullable: true,
    description:
      'What the holder of a link sees before signing in; null when the link is unknown or a newer one replaced it. Looking never uses it up.',
  })
  async invitationByToken(
    @Arg('token', () => String, { description: 'The last part of the link, `giv_…`.' }) token: string,
    @Ctx() context: GraphQLContext,
  ): Promise<InvitationPreview | null> {
    const invitation = await context.operation.execute(previewInvitation, { token })
    return invitation && invitationPreview(invitation)
  }

  @FieldResolver(() => [InvitationPreview], {
    nullable: true,
    description:
      "Open invitations to the person's verified addresses, soonest to expire first, at most 100. Null without an account session.",
  })
  async invitations(@Ctx() context: GraphQLContext): Promise<InvitationPreview[] | null> {
    if (!context.operation.caller.accountToken) return null
    return (await context.operation.execute(listMyInvitations, {})).map(invitationPreview)
  }
}
