import { Arg, Ctx, Directive, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql'
import { addMember } from '../../modules/members'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'
import { loadMember } from './member.query'
import { MemberType } from './member.type'

@ObjectType({ implements: Payload, description: 'The member.' })
export class MemberPayload extends Payload {
  @Field(() => MemberType, { nullable: true, description: 'The member as it is now.' }) member?: MemberType | null
}

@Resolver()
export class AddMemberMutation {
  @Directive('@can(do: "member.add")')
  @Mutation(() => MemberPayload, {
    nullable: true,
    description:
      'Makes the person behind an existing account a member at once, without an invitation. Only while members are invited.',
  })
  async addMember(
    @Arg('organizationId', () => ID, { description: 'To which organization.' }) organizationId: string,
    @Arg('userId', () => ID, { description: 'Whose account.' }) userId: string,
    @Arg('roleId', () => ID, { description: 'A role of scope ORGANIZATION.' }) roleId: string,
    @Ctx() context: GraphQLContext,
  ): Promise<MemberPayload> {
    return payload(async () => {
      const memberId = await context.operation.execute(addMember, {
        organizationId: readId('Organization', organizationId, ['organizationId']),
        userId: readId('User', userId, ['userId']),
        roleId: readId('Role', roleId, ['roleId']),
      })
      return { member: await loadMember(context, memberId) }
    })
  }
}
