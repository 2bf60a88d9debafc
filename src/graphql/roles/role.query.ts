import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { RoleScope } from '../../access'
import { getRole, listRoles } from '../../modules/roles'
import type { GraphQLContext } from '../context'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { PERMISSION_LIST, Permission, RoleScopeType, RoleType, roleNode } from './role.type'

@Resolver(() => OrganizationType)
export class RoleQuery {
  @FieldResolver(() => [RoleType], { description: 'The roles that can be given here, oldest first.' })
  async roles(
    @Root() organization: OrganizationType,
    @Arg('scope', () => RoleScopeType, { nullable: true, description: 'Only roles of this scope.' })
    scope: RoleScope | null,
    @Ctx() context: GraphQLContext,
  ): Promise<RoleType[]> {
    const roles = await context.operation.execute(listRoles, { organizationId: organization.uuid, scope })
    return roles.map(roleNode)
  }

  @Query(() => [Permission], { description: 'Everything that a role can allow.' })
  permissions(): Permission[] {
    return PERMISSION_LIST
  }
}

registerNode('Role', async (context, roleId) => roleNode(await context.operation.execute(getRole, { roleId })))
