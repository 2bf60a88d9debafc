import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql'
import { retirePermissions } from '../../modules/permissions'
import type { GraphQLContext } from '../context'
import { payload } from '../payload.type'
import { PermissionsPayload, permissionResults } from './permissions.payload'

@Resolver()
export class RetirePermissionsMutation {
  @Directive('@can(do: "operator")')
  @Mutation(() => PermissionsPayload, {
    nullable: true,
    description: 'Retires permissions of the platform: from the next request on nobody holds them.',
  })
  async retirePermissions(
    @Arg('keys', () => [String], { description: 'Which ones, at most 500.' }) keys: string[],
    @Ctx() context: GraphQLContext,
  ): Promise<PermissionsPayload> {
    return payload(async () => {
      const results = await context.operation.execute(retirePermissions, { keys })
      return { results: permissionResults(results) }
    })
  }
}
