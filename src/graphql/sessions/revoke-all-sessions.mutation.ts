import { Ctx, Mutation, Resolver } from 'type-graphql'
import { revokeAllSessions } from '../../modules/sessions'
import type { GraphQLContext } from '../context'
import { payload } from '../payload.type'
import { RevokeSessionsPayload, total } from './revoke-session.mutation'

@Resolver()
export class RevokeAllSessionsMutation {
  @Mutation(() => RevokeSessionsPayload, {
    nullable: true,
    description: 'Ends all own sessions but the current browser and those opened from it. Needs an account session.',
  })
  async revokeAllSessions(@Ctx() context: GraphQLContext): Promise<RevokeSessionsPayload> {
    return payload(async () => ({ revoked: total(await context.operation.execute(revokeAllSessions, {})) }))
  }
}
