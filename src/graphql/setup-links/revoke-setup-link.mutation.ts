import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { revokeSetupLink } from '../../modules/setup-links'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { RevokeSetupLinkPayload } from './setup-link.type'

@Resolver()
export class RevokeSetupLinkMutation {
  @Directive('@can(do: "setup_link.manage")')
  @Mutation(() => RevokeSetupLinkPayload, {
    nullable: true,
    description: 'Ends a set-up link at once; what was set up with it stays.',
  })
  async revokeSetupLink(
    @Arg('id', () => ID, { description: 'Which link.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<RevokeSetupLinkPayload> {
    return payload(async () => {
      await context.operation.execute(revokeSetupLink, { linkId: readId('SetupLink', id, ['id']) })
      return { revokedId: id }
    })
  }
}
