import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { createDirectory } from '../../modules/directories'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { DirectoryInput } from './directory.input'
import { NewDirectoryPayload } from './directory.payload'
import { loadDirectory } from './directory.query'

@Resolver()
export class CreateDirectoryMutation {
  @Directive('@can(do: "directory.manage")')
  @Mutation(() => NewDirectoryPayload, {
    nullable: true,
    description: 'Sets up a directory. Members have to come by SSO, unless it is a rehearsal (isDryRun).',
  })
  async createDirectory(
    @Arg('organizationId', () => ID, { description: 'Where.' }) organizationId: string,
    @Arg('input', () => DirectoryInput, { description: 'What; it needs a name.' }) input: DirectoryInput,
    @Ctx() context: GraphQLContext,
  ): Promise<NewDirectoryPayload> {
    return payload(async () => {
      const { defaultRoleId, vendor, ...draft } = input
      const { directoryId, secret } = await context.operation.execute(createDirectory, {
        organizationId: readId('Organization', organizationId, ['organizationId']),
        draft: { ...draft, vendor: vendor ?? 'OTHER' },
        defaultRoleId: defaultRoleId ? readId('Role', defaultRoleId, ['input', 'defaultRoleId']) : null,
      })
      return { directory: await loadDirectory(context, directoryId, secret), secret }
    })
  }
}
