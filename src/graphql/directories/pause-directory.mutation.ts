import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { pauseDirectory } from '../../modules/directories'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { DirectoryPayload } from './directory.payload'
import { loadDirectory } from './directory.query'

@Resolver()
export class PauseDirectoryMutation {
  @Directive('@can(do: "directory.manage")')
  @Mutation(() => DirectoryPayload, {
    nullable: true,
    description: 'Refuses all requests of a directory, or lets it work again. Its members stay as they are.',
  })
  async pauseDirectory(
    @Arg('id', () => ID, { description: 'Which directory.' }) id: string,
    @Arg('paused', () => Boolean, { description: 'False to let it work again.' }) paused: boolean,
    @Ctx() context: GraphQLContext,
  ): Promise<DirectoryPayload> {
    return payload(async () => {
      const directoryId = readId('Directory', id, ['id'])
      await context.operation.execute(pauseDirectory, { directoryId, paused })
      return { directory: await loadDirectory(context, directoryId) }
    })
  }
}
