import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql'
import { toTypeId } from '../../kernel/ids'
import { leaveOrganization } from '../../modules/members'
import type { GraphQLContext } from '../context'
import { DeletePayload } from '../delete.payload'
import { readId } from '../id'
import { payload } from '../payload.type'

@Resolver()
export class LeaveOrganizationMutation {
  @Mutation(() => DeletePayload, {
    nullable: true,
    description:
      "Ends the caller's own membership and every session in the organization; deletedId is the member. The last Admin cannot leave.",
  })
  async leaveOrganization(
    @Arg('id', () => ID, { description: 'Which organization.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<DeletePayload> {
    return payload(async () => {
      const organizationId = readId('Organization', id, ['id'])
      const memberId = await context.operation.execute(leaveOrganization, { organizationId })
      return { deletedId: toTypeId('Member', memberId) }
    })
  }
}
