import { Arg, Ctx, Directive, Field, InputType, Mutation, Resolver } from 'type-graphql'
import { type PermissionDraft, type PermissionScope, registerPermissions } from '../../modules/permissions'
import type { GraphQLContext } from '../context'
import { payload } from '../payload.type'
import { PermissionScopeType } from './permission.type'
import { PermissionsPayload, permissionResults } from './permissions.payload'

@InputType({ description: 'A permission of the platform.' })
export class PermissionInput implements PermissionDraft {
  @Field(() => String, {
    description:
      'A noun of the platform, a dot and what is done, e.g. image.generate; at most 100 of a-z, 0-9, _ and dots.',
  })
  key: string
  @Field(() => String, { description: 'What it allows, for people; at most 100 characters.' }) title: string
  @Field(() => String, { nullable: true, description: 'At most 500 characters.' }) description?: string | null
  @Field(() => PermissionScopeType, { description: 'Where it is decided; it stays as first registered.' })
  scope: PermissionScope
  @Field(() => Boolean, { defaultValue: false, description: 'It changes who has access, or shows secrets.' })
  isSensitive: boolean
  @Field(() => Boolean, { defaultValue: false, description: 'Member and Project member hold it too.' })
  isForMembers: boolean
}

@Resolver()
export class RegisterPermissionsMutation {
  @Directive('@can(do: "operator")')
  @Mutation(() => PermissionsPayload, {
    nullable: true,
    description:
      'Registers permissions of the platform, or renews those with the same keys; a retired one counts again. What the list does not name stays as it is.',
  })
  async registerPermissions(
    @Arg('input', () => [PermissionInput], { description: 'At most 500.' }) permissions: PermissionInput[],
    @Ctx() context: GraphQLContext,
  ): Promise<PermissionsPayload> {
    return payload(async () => {
      const results = await context.operation.execute(registerPermissions, { permissions })
      return { results: permissionResults(results) }
    })
  }
}
