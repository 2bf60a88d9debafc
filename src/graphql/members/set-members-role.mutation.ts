import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { setMembersRole } from '../../modules/members'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { type ErrorPolicy, ErrorPolicyType, MemberSelectionInput } from './member-selection.input'
import { MembersPayload, membersPayload } from './members.payload'

@Resolver()
export class SetMembersRoleMutation {
  @Directive('@can(do: "member.role.update")')
  @Mutation(() => MembersPayload, {
    nullable: true,
    description:
      'Gives members another role, which counts from their next request on. The other Admins are told of new ones by mail.',
  })
  async setMembersRole(
    @Arg('organizationId', () => ID, { description: 'In which organization.' }) organizationId: string,
    @Arg('members', () => MemberSelectionInput, { description: 'Whom.' }) members: MemberSelectionInput,
    @Arg('roleId', () => ID, { description: 'A role of scope ORGANIZATION.' }) roleId: string,
    @Arg('onError', () => ErrorPolicyType, {
      defaultValue: 'SKIP_FAILED',
      description: 'What happens to the others when one fails.',
    })
    onError: ErrorPolicy,
    @Ctx() context: GraphQLContext,
  ): Promise<MembersPayload> {
    return membersPayload(organizationId, members, onError, (input) =>
      context.operation.execute(setMembersRole, { ...input, roleId: readId('Role', roleId, ['roleId']) }),
    )
  }
}
