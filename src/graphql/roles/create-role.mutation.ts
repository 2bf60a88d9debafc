import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { createRole } from '../../modules/roles'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { RoleInput } from './role.input'
import { RolePayload } from './role.payload'
import { loadRole } from './role.query'

@Resolver()
export class CreateRoleMutation {
  @Directive('@can(do: "role.manage")')
  @Mutation(() => RolePayload, {
    nullable: true,
    description: "Makes a role of the organization's own, at most 100, out of permissions that the caller holds.",
  })
  async createRole(
    @Arg('organizationId', () => ID, { description: 'Where.' }) organizationId: string,
    @Arg('input', () => RoleInput, { description: 'What it is made of.' }) draft: RoleInput,
    @Ctx() context: GraphQLContext,
  ): Promise<RolePayload> {
    return payload(async () => {
      const organization = readId('Organization', organizationId, ['organizationId'])
      const id = await context.operation.execute(createRole, { organizationId: organization, draft })
      return { role: await loadRole(context, id) }
    })
  }
}
