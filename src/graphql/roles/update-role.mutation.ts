import { Arg, Ctx, Directive, ID, Int, Mutation, Resolver } from 'type-graphql'
import { updateRole } from '../../modules/roles'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { RoleInput } from './role.input'
import { RolePayload } from './role.payload'
import { loadRole } from './role.query'

@Resolver()
export class UpdateRoleMutation {
  @Directive('@can(do: "role.manage")')
  @Mutation(() => RolePayload, {
    nullable: true,
    description: 'Changes a role that is not built in; what it allows counts from the next request of its holders on.',
  })
  async updateRole(
    @Arg('id', () => ID, { description: 'Which role.' }) id: string,
    @Arg('input', () => RoleInput, { description: 'What changes.' }) draft: RoleInput,
    @Arg('expectedVersion', () => Int, { nullable: true, description: 'Refuse when somebody else changed it since.' })
    expectedVersion: number | null,
    @Ctx() context: GraphQLContext,
  ): Promise<RolePayload> {
    return payload(async () => {
      const roleId = readId('Role', id, ['id'])
      await context.operation.execute(updateRole, { roleId, draft, expectedVersion: expectedVersion ?? null })
      return { role: await loadRole(context, roleId) }
    })
  }
}
