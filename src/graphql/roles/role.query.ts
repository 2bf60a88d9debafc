import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, Directive, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql'
import { notFound, type RoleScope } from '../../access'
import { getRoleMemberCounts } from '../../modules/members'
import { getRole, listOwnRoles, listRoles } from '../../modules/roles'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { loadPermissions } from '../permissions/permission.query'
import { PermissionType } from '../permissions/permission.type'
import { RoleScopeType, RoleType, roleNode } from './role.type'

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
}

@Resolver(() => RoleType)
export class RoleFieldsResolver {
  @FieldResolver(() => [PermissionType], { description: 'What it allows, without what was retired.' })
  async permissions(@Root() role: RoleType, @Ctx() context: GraphQLContext): Promise<readonly PermissionType[]> {
    const granted = role.granted ?? (await loadRoleByKey(context, role.scope, role.key)).granted!
    return loadPermissions(context, granted)
  }

  @Directive('@can(do: "member.read")')
  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'How many people hold it: members with this role, invited and suspended ones included; of a role in projects, people to whom a grant gives it directly.',
  })
  async memberCount(
    @Root() role: RoleType,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<number | null> {
    return nullWhenForbidden(context, info, () => {
      const loader = context.loaders.of<number>('role-member-count', (operation, roleIds) =>
        operation.execute(getRoleMemberCounts, { roleIds }),
      )
      return loader.load(role.uuid)
    })
  }
}

/** A role of the caller's organization by its stable name; all roles asked for come in one statement. @throws NOT_FOUND */
export async function loadRoleByKey(context: GraphQLContext, scope: RoleScope, key: string): Promise<RoleType> {
  const loader = context.loaders.of<RoleType>('role-by-key', async (operation) => {
    const roles = await operation.execute(listOwnRoles, {})
    return new Map(roles.map((role) => [`${role.scope}/${role.key}`, roleNode(role)]))
  })
  const role = await loader.load(`${scope}/${key}`)
  if (!role) throw notFound('The role')
  return role
}

registerNode('Role', async (context, roleId) => roleNode(await context.operation.execute(getRole, { roleId })))
