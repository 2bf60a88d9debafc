import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { reactivateMembers } from '../../modules/members'
import type { GraphQLContext } from '../context'
import { type ErrorPolicy, ErrorPolicyType, MemberSelectionInput } from './member-selection.input'
import { MembersPayload, membersPayload } from './members.payload'

@Resolver()
export class ReactivateMembersMutation {
  @Directive('@can(do: "member.suspend")')
  @Mutation(() => MembersPayload, {
    nullable: true,
    description: 'Gives suspended members their access back; they sign in anew.',
  })
  async reactivateMembers(
    @Arg('organizationId', () => ID, { description: 'In which organization.' }) organizationId: string,
    @Arg('members', () => MemberSelectionInput, { description: 'Whom.' }) members: MemberSelectionInput,
    @Arg('onError', () => ErrorPolicyType, {
      defaultValue: 'SKIP_FAILED',
      description: 'What happens to the others when one fails.',
    })
    onError: ErrorPolicy,
    @Ctx() context: GraphQLContext,
  ): Promise<MembersPayload> {
    return membersPayload(organizationId, members, onError, (input) =>
      context.operation.execute(reactivateMembers, input),
    )
  }
}
