import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, Directive, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql'
import { notFound, type RoleScope } from '../../access'
import { getRoleMemberCounts } from '../../modules/members'
import { explainRoleAction, getRole, listOwnRoles, listRoles, type RoleAction } from '../../modules/roles'
import { ALLOWED, Capability, denied } from '../capability.type'
import type { GraphQLContext } from '../context'
import { DateTime } from '../date-time.scalar'
import { nullWhenForbidden } from '../guard'
import { registerNode } from '../node'
import { OrganizationType } from '../organizations/organization.type'
import { loadPermissions } from '../permissions/permission.query'
import { PermissionType } from '../permissions/permission.type'
import { RoleActionType, RoleScopeType, RoleType, roleNode } from './role.type'

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
    return loadPermissions(context, (await wholeRole(context, role)).granted!)
  }

  @FieldResolver(() => Int, { description: 'Counted up with every change; goes with updateRole.' })
  async version(@Root() role: RoleType, @Ctx() context: GraphQLContext): Promise<number> {
    return (await wholeRole(context, role)).edition!.version
  }

  @FieldResolver(() => DateTime, { description: 'When it was made.' })
  async createdAt(@Root() role: RoleType, @Ctx() context: GraphQLContext): Promise<Date> {
    return (await wholeRole(context, role)).edition!.createdAt
  }

  @FieldResolver(() => Capability, {
    description:
      'Whether the caller can do this with the role, and why not. ASSIGN: anywhere in the organization; in a project a grant may allow more.',
  })
  async viewerCan(
    @Root() role: RoleType,
    @Arg('action', () => RoleActionType, { description: 'What they may want to do.' }) action: RoleAction,
    @Ctx() context: GraphQLContext,
  ): Promise<Capability> {
    const { scope, isSystem } = role
    const permissions = (await wholeRole(context, role)).granted!
    const decision = await context.operation.execute(explainRoleAction, {
      role: { scope, isSystem, permissions },
      action,
    })
    return decision ? denied(decision.reason, decision.message) : ALLOWED
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

/** The role with everything that lists of other things leave out of it. */
async function wholeRole(context: GraphQLContext, role: RoleType): Promise<RoleType> {
  return role.granted && role.edition ? role : loadRoleByKey(context, role.scope, role.key)
}

/** A role by id, as it is now. @throws NOT_FOUND */
export async function loadRole(context: GraphQLContext, roleId: string): Promise<RoleType> {
  return roleNode(await context.operation.execute(getRole, { roleId }))
}

registerNode('Role', loadRole)
