import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql'
import { AppError } from '../../kernel/errors'
import { mintAccessToken } from '../../modules/tokens'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { Payload, payload } from '../payload.type'

@InputType({ description: 'What an application asks for.' })
export class MintAccessTokenInput {
  @Field(() => String, {
    nullable: true,
    description: 'Whom the token is for: one of GATEHOUSE_TOKEN_AUDIENCES, the first of them when left out.',
  })
  audience?: string | null
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Also a refresh token, for bearer clients only: browsers mint anew with their cookie.',
  })
  withRefreshToken: boolean
}

@ObjectType({ implements: Payload, description: 'Tokens of an application, shown once.' })
export class MintAccessTokenPayload extends Payload {
  @Field(() => String, {
    nullable: true,
    description: 'A JWT (RFC 9068) for this organization, verified by /.well-known/jwks.json.',
  })
  accessToken?: string | null
  @Field(() => DateTime, { nullable: true, description: 'When it ends: after five minutes, or with the session.' })
  expiresAt?: Date | null
  @Field(() => String, { nullable: true, description: 'Whom it is for.' }) audience?: string | null
  @Field(() => String, { nullable: true, description: 'For POST /oauth/token; works once.' }) refreshToken?:
    | string
    | null
  @Field(() => DateTime, { nullable: true, description: 'When it and all that follow it end: with the session.' })
  refreshExpiresAt?: Date | null
}

@Resolver()
export class MintAccessTokenMutation {
  @Mutation(() => MintAccessTokenPayload, {
    nullable: true,
    description:
      'Signs a short-lived token with which applications know the person, the organization and what it allows. Needs a session of the organization.',
  })
  async mintAccessToken(
    @Arg('input', () => MintAccessTokenInput, { description: 'What is asked for.' }) input: MintAccessTokenInput,
    @Ctx() context: GraphQLContext,
  ): Promise<MintAccessTokenPayload> {
    return payload(async () => {
      const { operation, tokens } = context
      if (input.withRefreshToken && context.isBrowser)
        throw new AppError('FORBIDDEN', 'A page keeps its session as a cookie; mint anew instead of refreshing.', {
          path: ['input', 'withRefreshToken'],
        })
      const { audience = null, withRefreshToken } = input
      return operation.execute(mintAccessToken, { issuer: tokens, audience, withRefreshToken })
    })
  }
}
