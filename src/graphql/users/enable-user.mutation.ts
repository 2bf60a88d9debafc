import { Arg, Ctx, Directive, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql'
import { enableUser } from '../../modules/accounts'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'
import { loadUser } from './user.query'
import { UserType } from './user.type'

@ObjectType({ implements: Payload, description: 'The account, able to sign in again.' })
export class EnableUserPayload extends Payload {
  @Field(() => UserType, { nullable: true, description: 'The account.' }) user?: UserType | null
}

@Resolver()
export class EnableUserMutation {
  @Directive('@can(do: "operator")')
  @Mutation(() => EnableUserPayload, {
    nullable: true,
    description: 'Lets a disabled account sign in again. Its sessions stay ended.',
  })
  async enableUser(
    @Arg('userId', () => ID, { description: 'Global id of the account.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<EnableUserPayload> {
    return payload(async () => {
      const userId = readId('User', id, ['userId'])
      await context.operation.execute(enableUser, { userId })
      return { user: await loadUser(context, userId) }
    })
  }
}
