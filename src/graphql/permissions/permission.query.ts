import { Arg, Ctx, Query, Resolver } from 'type-graphql'
import { type CatalogPermission, listPermissions, OWN_PERMISSIONS } from '../../modules/permissions'
import type { GraphQLContext } from '../context'
import { PermissionType } from './permission.type'

@Resolver()
export class PermissionQuery {
  @Query(() => [PermissionType], {
    description: "Everything that a role can allow: Gatehouse's permissions, then the platform's by key.",
  })
  async permissions(
    @Arg('includeRetired', () => Boolean, {
      defaultValue: false,
      description: 'Also those of the platform that nobody holds any more.',
    })
    includeRetired: boolean,
    @Ctx() context: GraphQLContext,
  ): Promise<readonly PermissionType[]> {
    return includeRetired ? loadCatalogue(context) : loadLivingPermissions(context)
  }
}

/**
 * Permissions of the catalogue by key, in its order. The platform's, whoever asks for them, come in one statement;
 * where only Gatehouse's own are asked for there is none.
 */
export async function loadPermissions(
  context: GraphQLContext,
  keys: ReadonlySet<string>,
): Promise<readonly PermissionType[]> {
  const own = OWN_PERMISSIONS.filter(({ key }) => keys.has(key))
  if (own.length === keys.size) return own
  return (await loadCatalogue(context)).filter(({ key }) => keys.has(key))
}

/** Everything that a role can be given. */
export async function loadLivingPermissions(context: GraphQLContext): Promise<readonly PermissionType[]> {
  return (await loadCatalogue(context)).filter(({ retiredAt }) => !retiredAt)
}

/** One permission of the catalogue, or null when there is none with this key. */
export async function loadPermission(context: GraphQLContext, key: string): Promise<PermissionType | null> {
  return (await loadPermissions(context, new Set([key])))[0] ?? null
}

/** Read once in an operation, whoever asks. */
async function loadCatalogue(context: GraphQLContext): Promise<readonly CatalogPermission[]> {
  const loader = context.loaders.of<readonly CatalogPermission[]>(
    'permission-catalogue',
    async (operation, [whole]) => new Map([[whole!, await operation.execute(listPermissions, {})]]),
  )
  return (await loader.load('whole'))!
}
