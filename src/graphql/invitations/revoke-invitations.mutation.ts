import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { revokeInvitations } from '../../modules/invitations'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { InvitationSelectionPayload, readInvitationIds, selectionResult } from './invitation-selection.payload'

@Resolver()
export class RevokeInvitationsMutation {
  @Directive('@can(do: "invitation.revoke")')
  @Mutation(() => InvitationSelectionPayload, {
    nullable: true,
    description: 'Withdraws pending and expired invitations: their links stop working.',
  })
  async revokeInvitations(
    @Arg('organizationId', () => ID, { description: 'Whose invitations.' }) organizationId: string,
    @Arg('ids', () => [ID], { description: 'Which ones, 1 to 1,000.' }) ids: string[],
    @Ctx() context: GraphQLContext,
  ): Promise<InvitationSelectionPayload> {
    return payload(async () => {
      const results = await context.operation.execute(revokeInvitations, {
        organizationId: readId('Organization', organizationId, ['organizationId']),
        ids: readInvitationIds(ids),
      })
      return { results: results.map(selectionResult) }
    })
  }
}
