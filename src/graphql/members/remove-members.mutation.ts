import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { removeMembers } from '../../modules/members'
import type { GraphQLContext } from '../context'
import { type ErrorPolicy, ErrorPolicyType, MemberSelectionInput } from './member-selection.input'
import { MembersPayload, membersPayload } from './members.payload'

@Resolver()
export class RemoveMembersMutation {
  @Directive('@can(do: "member.remove")')
  @Mutation(() => MembersPayload, {
    nullable: true,
    description:
      'Removes members with their sessions, grants and pending invitations. What they made stays, and so does their account. Whoever is removed does not come back by signing in through the company, unless mayReturn says so.',
  })
  async removeMembers(
    @Arg('organizationId', () => ID, { description: 'In which organization.' }) organizationId: string,
    @Arg('members', () => MemberSelectionInput, { description: 'Whom.' }) members: MemberSelectionInput,
    @Arg('onError', () => ErrorPolicyType, {
      defaultValue: 'SKIP_FAILED',
      description: 'What happens to the others when one fails.',
    })
    onError: ErrorPolicy,
    @Arg('mayReturn', () => Boolean, {
      defaultValue: false,
      description: 'They may become members again at their next sign-in through the company.',
    })
    mayReturn: boolean,
    @Ctx() context: GraphQLContext,
  ): Promise<MembersPayload> {
    return membersPayload(organizationId, members, onError, (input) =>
      context.operation.execute(removeMembers, { ...input, mayReturn }),
    )
  }
}
