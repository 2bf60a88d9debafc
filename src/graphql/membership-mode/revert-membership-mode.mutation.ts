import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { revertMembershipMode } from '../../modules/membership-mode'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { MembershipModeSwitchPayload, readSwitched } from './switch-membership-mode.mutation'

@Resolver()
export class RevertMembershipModeMutation {
  @Directive('@can(do: "organization.membership_mode.switch")')
  @Mutation(() => MembershipModeSwitchPayload, {
    nullable: true,
    description:
      'Takes the newest switch back, within 90 days: the mode, whom it suspended, the invitations it revoked, the connections and directories it stopped.',
  })
  async revertMembershipMode(
    @Arg('id', () => ID, { description: 'Global id of the switch.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<MembershipModeSwitchPayload> {
    return payload(async () => {
      const reverting = { switchId: readId('MembershipModeSwitch', id, ['id']) }
      const { switchId, organizationId } = await context.operation.execute(revertMembershipMode, reverting)
      return readSwitched(context, organizationId, switchId)
    })
  }
}
