import { Ctx, Field, FieldResolver, ObjectType, Resolver } from 'type-graphql'
import { groupPermissions, type PermissionGroup } from '../../modules/permissions'
import type { GraphQLContext } from '../context'
import { OrganizationType } from '../organizations/organization.type'
import { loadLivingPermissions } from '../permissions/permission.query'
import { PermissionType } from '../permissions/permission.type'

@ObjectType('PermissionGroup', { simpleResolvers: true, description: 'Permissions shown together in a role editor.' })
export class PermissionGroupType implements PermissionGroup {
  @Field(() => String, { description: 'The noun that their keys begin with, e.g. member.' }) key: string
  @Field(() => String, { description: 'The noun for people.' }) title: string
  @Field(() => [PermissionType], { description: 'In the order of the catalogue.' })
  permissions: readonly PermissionType[]
}

@Resolver(() => OrganizationType)
export class PermissionGroupsQuery {
  @FieldResolver(() => [PermissionGroupType], {
    description:
      'Everything that a role can be given here, by noun; roles in projects leave out the scope ORGANIZATION.',
  })
  async permissionGroups(@Ctx() context: GraphQLContext): Promise<PermissionGroup[]> {
    return groupPermissions(await loadLivingPermissions(context))
  }
}
