import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { resendInvitations } from '../../modules/invitations'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { InvitationSelectionPayload, readInvitationIds, selectionResult } from './invitation-selection.payload'

@Resolver()
export class ResendInvitationsMutation {
  @Directive('@can(do: "invitation.create")')
  @Mutation(() => InvitationSelectionPayload, {
    nullable: true,
    description:
      'Sends pending and expired invitations again, with a new link and a whole new lifetime; older links stop working.',
  })
  async resendInvitations(
    @Arg('organizationId', () => ID, { description: 'Whose invitations.' }) organizationId: string,
    @Arg('ids', () => [ID], { description: 'Which ones, 1 to 1,000.' }) ids: string[],
    @Ctx() context: GraphQLContext,
  ): Promise<InvitationSelectionPayload> {
    return payload(async () => {
      const results = await context.operation.execute(resendInvitations, {
        organizationId: readId('Organization', organizationId, ['organizationId']),
        ids: readInvitationIds(ids),
      })
      return { results: results.map(selectionResult) }
    })
  }
}
