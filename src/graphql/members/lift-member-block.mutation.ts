import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { liftMemberBlock } from '../../modules/members'
import type { GraphQLContext } from '../context'
import { nullWhenNotFound } from '../guard'
import { readId } from '../id'
import { payload } from '../payload.type'
import { MemberPayload } from './add-member.mutation'
import { loadMember } from './member.query'

@Resolver()
export class LiftMemberBlockMutation {
  @Directive('@can(do: "member.remove")')
  @Mutation(() => MemberPayload, {
    nullable: true,
    description:
      'Lets somebody who was removed come in again: at their next sign-in through the company, if the identity provider admits them.',
  })
  async liftMemberBlock(
    @Arg('memberId', () => ID, { description: 'The member who was removed.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<MemberPayload> {
    return payload(async () => {
      const memberId = readId('Member', id, ['memberId'])
      await context.operation.execute(liftMemberBlock, { memberId })
      return { member: await nullWhenNotFound(() => loadMember(context, memberId)) }
    })
  }
}
