import { Ctx, Mutation, Resolver } from 'type-graphql'
import { revokeAllSessions, revokeOtherOrganizationSessions } from '../../modules/sessions'
import type { GraphQLContext } from '../context'
import { payload } from '../payload.type'
import { isInOrganizationOnly, RevokeSessionsPayload, total } from './revoke-session.mutation'

@Resolver()
export class RevokeAllSessionsMutation {
  @Mutation(() => RevokeSessionsPayload, {
    nullable: true,
    description:
      'Ends all own sessions but the current browser and those opened from it. Without an account session, those of the organization but the one that asks.',
  })
  async revokeAllSessions(@Ctx() context: GraphQLContext): Promise<RevokeSessionsPayload> {
    const revoke = isInOrganizationOnly(context) ? revokeOtherOrganizationSessions : revokeAllSessions
    return payload(async () => ({ revoked: total(await context.operation.execute(revoke, {})) }))
  }
}
