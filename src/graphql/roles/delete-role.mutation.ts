import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { deleteRole } from '../../modules/roles'
import type { GraphQLContext } from '../context'
import { DeletePayload } from '../delete.payload'
import { readId } from '../id'
import { payload } from '../payload.type'

@Resolver()
export class DeleteRoleMutation {
  @Directive('@can(do: "role.manage")')
  @Mutation(() => DeletePayload, {
    nullable: true,
    description: 'Deletes a role that is not built in. Whoever has it has the replacement in the same instant.',
  })
  async deleteRole(
    @Arg('id', () => ID, { description: 'Which role.' }) id: string,
    @Arg('replacementRoleId', () => ID, {
      nullable: true,
      description: 'A role of the same scope, other than Admin; needed when anybody has the role.',
    })
    replacementRoleId: string | null,
    @Ctx() context: GraphQLContext,
  ): Promise<DeletePayload> {
    return payload(async () => {
      const roleId = readId('Role', id, ['id'])
      const replacement = replacementRoleId ? readId('Role', replacementRoleId, ['replacementRoleId']) : null
      await context.operation.execute(deleteRole, { roleId, replacementRoleId: replacement })
      return { deletedId: id }
    })
  }
}
