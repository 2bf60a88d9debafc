import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { removeProjectGrant } from '../../modules/projects'
import type { GraphQLContext } from '../context'
import { DeletePayload } from '../delete.payload'
import { readId } from '../id'
import { payload } from '../payload.type'

@Resolver()
export class RemoveProjectGrantMutation {
  @Directive('@can(do: "project.grant")')
  @Mutation(() => DeletePayload, {
    nullable: true,
    description: 'Takes the role of a member or a team in a project away.',
  })
  async removeProjectGrant(
    @Arg('id', () => ID, { description: 'Which grant.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<DeletePayload> {
    return payload(async () => {
      await context.operation.execute(removeProjectGrant, { grantId: readId('ProjectGrant', id, ['id']) })
      return { deletedId: id }
    })
  }
}
