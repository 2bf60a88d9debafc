import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { adoptDirectoryUser } from '../../modules/directories'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { loadDirectoryConflict } from './directory-conflict.query'
import { DirectoryConflictPayload } from './directory-conflict.type'

@Resolver()
export class AdoptDirectoryUserMutation {
  @Directive('@can(do: "directory.manage")')
  @Mutation(() => DirectoryConflictPayload, {
    nullable: true,
    description:
      'Decides whether a directory may take over the member whom a pushed person matches. The identity provider tries again by itself.',
  })
  async adoptDirectoryUser(
    @Arg('id', () => ID, { description: 'Which conflict.' }) id: string,
    @Arg('accept', () => Boolean, { description: 'False to go on refusing the person.' }) accept: boolean,
    @Ctx() context: GraphQLContext,
  ): Promise<DirectoryConflictPayload> {
    return payload(async () => {
      const conflictId = readId('DirectoryConflict', id, ['id'])
      await context.operation.execute(adoptDirectoryUser, { conflictId, accept })
      return { conflict: await loadDirectoryConflict(context, conflictId) }
    })
  }
}
