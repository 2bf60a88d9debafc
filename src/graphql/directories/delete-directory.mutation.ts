import { Arg, Ctx, Directive, ID, Mutation, Resolver, registerEnumType } from 'type-graphql'
import { deleteDirectory, type KeptMembers } from '../../modules/directories'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { DeleteDirectoryPayload } from './directory.payload'

const KeptMembersEnum: Record<KeptMembers, KeptMembers> = { ACTIVE: 'ACTIVE', SUSPENDED: 'SUSPENDED' }
registerEnumType(KeptMembersEnum, {
  name: 'KeptMembers',
  description: 'What becomes of the members of a directory that is deleted.',
  valuesConfig: {
    ACTIVE: { description: 'They stay as they are, and are changed by hand from now on.' },
    SUSPENDED: { description: 'They are suspended, all but whoever asks; role, teams and projects are kept.' },
  },
})

@Resolver()
export class DeleteDirectoryMutation {
  @Directive('@can(do: "directory.manage")')
  @Mutation(() => DeleteDirectoryPayload, {
    nullable: true,
    description: 'Deletes a directory with its tokens and its request log. Its members and teams are kept.',
  })
  async deleteDirectory(
    @Arg('id', () => ID, { description: 'Which directory.' }) id: string,
    @Arg('keepMembers', () => KeptMembersEnum, { description: 'How its members are kept.' }) keepMembers: KeptMembers,
    @Ctx() context: GraphQLContext,
  ): Promise<DeleteDirectoryPayload> {
    return payload(async () => {
      const directoryId = readId('Directory', id, ['id'])
      const { membersSuspended } = await context.operation.execute(deleteDirectory, {
        directoryId,
        members: keepMembers,
      })
      return { deletedId: id, membersSuspended }
    })
  }
}
