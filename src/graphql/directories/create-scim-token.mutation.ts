import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { createScimToken } from '../../modules/directories'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { readId } from '../id'
import { payload } from '../payload.type'
import { ScimTokenPayload } from './directory.payload'
import { scimTokenNode } from './scim-token.type'

@Resolver()
export class CreateScimTokenMutation {
  @Directive('@can(do: "directory.manage")')
  @Mutation(() => ScimTokenPayload, {
    nullable: true,
    description: 'Makes a token of a directory beside the one in use. Two can be live at once.',
  })
  async createScimToken(
    @Arg('directoryId', () => ID, { description: 'Whose.' }) directoryId: string,
    @Arg('expiresAt', () => DateTime, {
      nullable: true,
      description: 'When it ends by itself: at most two years from now; in a year when absent.',
    })
    expiresAt: Date | null,
    @Ctx() context: GraphQLContext,
  ): Promise<ScimTokenPayload> {
    return payload(async () => {
      const made = await context.operation.execute(createScimToken, {
        directoryId: readId('Directory', directoryId, ['directoryId']),
        expiresAt: expiresAt ?? null,
      })
      return { token: scimTokenNode(made.token), secret: made.secret }
    })
  }
}
