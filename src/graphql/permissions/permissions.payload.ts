import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql'
import type { PermissionResult as Result } from '../../modules/permissions'
import type { GraphQLContext } from '../context'
import { Payload } from '../payload.type'
import { UserError, userErrorsOf } from '../user-error.type'
import { loadPermission } from './permission.query'
import { PermissionType } from './permission.type'

@ObjectType({ simpleResolvers: true, description: 'What became of one permission of the list.' })
export class PermissionResult {
  @Field(() => Int, { description: 'Its place in the list, from 0.' }) index: number
  @Field(() => String, { description: 'The key it was named by.' }) key: string
  @Field(() => [UserError], { description: 'Why nothing changed; empty when it worked.' }) userErrors: UserError[]
}

@ObjectType({ implements: Payload, description: 'What became of each permission.' })
export class PermissionsPayload extends Payload {
  @Field(() => [PermissionResult], {
    nullable: true,
    description: 'One per item, in the order of the input; null when the call as a whole failed.',
  })
  results?: PermissionResult[] | null
}

/** The GraphQL objects of results. */
export function permissionResults(results: readonly Result[]): PermissionResult[] {
  return results.map(({ key, error }, index) => ({ index, key, userErrors: error ? userErrorsOf(error) : [] }))
}

@Resolver(() => PermissionResult)
export class PermissionResultFields {
  @FieldResolver(() => PermissionType, {
    nullable: true,
    description: 'The permission as it is now; null when unknown.',
  })
  permission(@Root() { key }: PermissionResult, @Ctx() context: GraphQLContext): Promise<PermissionType | null> {
    return loadPermission(context, key)
  }
}
