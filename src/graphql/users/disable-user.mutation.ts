import { Arg, Ctx, Directive, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { disableUser } from '../../modules/sessions'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'
import { loadUser } from './user.query'
import { UserType } from './user.type'

@ObjectType({ simpleResolvers: true, description: 'What ended when an account was disabled.' })
export class DisabledUserReceipt {
  @Field(() => Int, { description: 'Signed-in browsers.' }) accountSessions: number
  @Field(() => Int, { description: 'Sessions of organizations, in all of them.' }) organizationSessions: number
  @Field(() => Int, { description: 'Refresh tokens of applications that lived by those.' }) refreshTokens: number
}

@ObjectType({ implements: Payload, description: 'The disabled account and what ended with it.' })
export class DisableUserPayload extends Payload {
  @Field(() => UserType, { nullable: true, description: 'The account.' }) user?: UserType | null
  @Field(() => DisabledUserReceipt, { nullable: true, description: 'What ended; zeros when it was disabled already.' })
  receipt?: DisabledUserReceipt | null
}

@Resolver()
export class DisableUserMutation {
  @Directive('@can(do: "operator")')
  @Mutation(() => DisableUserPayload, {
    nullable: true,
    description: 'Shuts an account out of the whole installation at once. Memberships stay.',
  })
  async disableUser(
    @Arg('userId', () => ID, { description: 'Global id of the account.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<DisableUserPayload> {
    return payload(async () => {
      const userId = readId('User', id, ['userId'])
      const receipt = await context.operation.execute(disableUser, { userId })
      return { user: await loadUser(context, userId), receipt }
    })
  }
}
