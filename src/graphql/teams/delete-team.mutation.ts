import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { deleteTeam } from '../../modules/teams'
import type { GraphQLContext } from '../context'
import { DeletePayload } from '../delete.payload'
import { readId } from '../id'
import { payload } from '../payload.type'

@Resolver()
export class DeleteTeamMutation {
  @Directive('@can(do: "team.delete")')
  @Mutation(() => DeletePayload, {
    nullable: true,
    description: 'Deletes a team: its roles in projects end, and the teams below it move up to its parent.',
  })
  async deleteTeam(
    @Arg('id', () => ID, { description: 'Which team.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<DeletePayload> {
    return payload(async () => {
      await context.operation.execute(deleteTeam, { teamId: readId('Team', id, ['id']) })
      return { deletedId: id }
    })
  }
}
