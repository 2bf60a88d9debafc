import { Arg, Ctx, Directive, ID, Int, Mutation, Resolver } from 'type-graphql'
import { updateDirectory } from '../../modules/directories'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { DirectoryInput } from './directory.input'
import { DirectoryPayload } from './directory.payload'
import { loadDirectory } from './directory.query'

@Resolver()
export class UpdateDirectoryMutation {
  @Directive('@can(do: "directory.manage")')
  @Mutation(() => DirectoryPayload, {
    nullable: true,
    description: 'Changes a directory. Another vendor changes its guide and nothing else.',
  })
  async updateDirectory(
    @Arg('id', () => ID, { description: 'Which directory.' }) id: string,
    @Arg('input', () => DirectoryInput, { description: 'What to change.' }) input: DirectoryInput,
    @Arg('expectedVersion', () => Int, { nullable: true, description: 'Refuse when it is at another version.' })
    expectedVersion: number | null,
    @Ctx() context: GraphQLContext,
  ): Promise<DirectoryPayload> {
    return payload(async () => {
      const { defaultRoleId, ...draft } = input
      const directoryId = readId('Directory', id, ['id'])
      await context.operation.execute(updateDirectory, {
        directoryId,
        draft,
        defaultRoleId: defaultRoleId ? readId('Role', defaultRoleId, ['input', 'defaultRoleId']) : null,
        expectedVersion: expectedVersion ?? null,
      })
      return { directory: await loadDirectory(context, directoryId) }
    })
  }
}
