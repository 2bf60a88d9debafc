import { Arg, Ctx, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { type EndedSessions, revokeOrganizationSession, revokeSession } from '../../modules/sessions'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'

@ObjectType({ implements: Payload, description: 'How many sessions ended.' })
export class RevokeSessionsPayload extends Payload {
  @Field(() => Int, { nullable: true, description: 'Signed-in browsers and the sessions opened from them.' })
  revoked?: number | null
}

@Resolver()
export class RevokeSessionMutation {
  @Mutation(() => RevokeSessionsPayload, {
    nullable: true,
    description:
      'Ends one of the own sessions; a signed-in browser takes the sessions opened from it along. Without an account session, those of the organization only.',
  })
  async revokeSession(
    @Arg('id', () => ID, { description: 'Global id of the session.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<RevokeSessionsPayload> {
    return payload(async () => {
      const sessionId = readId('Session', id, ['id'])
      const revoke = isInOrganizationOnly(context) ? revokeOrganizationSession : revokeSession
      return { revoked: total(await context.operation.execute(revoke, { sessionId })) }
    })
  }
}

/** How many sessions ended in all. */
export function total({ accountSessions, organizationSessions }: Omit<EndedSessions, 'refreshTokens'>): number {
  return accountSessions + organizationSessions
}

/** True for people without an account session, such as those who have signed in through their company. */
export function isInOrganizationOnly({ operation: { caller } }: GraphQLContext): boolean {
  return caller.organizationToken !== null && caller.accountToken === null
}
