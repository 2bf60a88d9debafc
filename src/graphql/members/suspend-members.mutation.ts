import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { suspendMembers } from '../../modules/members'
import type { GraphQLContext } from '../context'
import { type ErrorPolicy, ErrorPolicyType, MemberSelectionInput } from './member-selection.input'
import { MembersPayload, membersPayload } from './members.payload'

@Resolver()
export class SuspendMembersMutation {
  @Directive('@can(do: "member.suspend")')
  @Mutation(() => MembersPayload, {
    nullable: true,
    description: 'Suspends joined members: their sessions end now; role and grants are kept for their return.',
  })
  async suspendMembers(
    @Arg('organizationId', () => ID, { description: 'In which organization.' }) organizationId: string,
    @Arg('members', () => MemberSelectionInput, { description: 'Whom.' }) members: MemberSelectionInput,
    @Arg('note', () => String, {
      nullable: true,
      description: 'Why; shown as suspensionReason. At most 500 characters.',
    })
    note: string | null,
    @Arg('onError', () => ErrorPolicyType, {
      defaultValue: 'SKIP_FAILED',
      description: 'What happens to the others when one fails.',
    })
    onError: ErrorPolicy,
    @Ctx() context: GraphQLContext,
  ): Promise<MembersPayload> {
    return membersPayload(organizationId, members, onError, (input) =>
      context.operation.execute(suspendMembers, { ...input, note }),
    )
  }
}
