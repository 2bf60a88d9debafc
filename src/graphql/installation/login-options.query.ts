import { Arg, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql'
import { normalizeEmail } from '../../kernel/email-address'
import { AppError } from '../../kernel/errors'
import type { Provider } from '../../modules/accounts'
import type { GraphQLContext } from '../context'
import { IdentityProviderKind } from '../sessions/session.type'

@ObjectType({
  simpleResolvers: true,
  description: 'How somebody with an address can sign in. It says nothing about whether the address is known here.',
})
export class LoginOptions {
  @Field(() => [IdentityProviderKind], { description: 'The ways to sign in, in the order in which to show them.' })
  methods: Provider[]
}

@Resolver()
export class LoginOptionsQuery {
  // No look-up: what does not ask whether an account exists cannot give it away, not even by the time it takes.
  @Query(() => LoginOptions, {
    description: 'How somebody with this address can sign in; the same for known and unknown ones. Needs no session.',
  })
  loginOptions(
    @Arg('email', () => String, { description: 'The address, as typed.' }) email: string,
    @Ctx() { installation }: GraphQLContext,
  ): LoginOptions {
    if (!normalizeEmail(email)) throw new AppError('INVALID', 'This is not an e-mail address.', { path: ['email'] })
    return { methods: [...installation.loginMethods] }
  }
}
