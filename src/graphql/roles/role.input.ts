import { Field, InputType } from 'type-graphql'
import type { RoleScope } from '../../access'
import type { RoleDraft } from '../../modules/roles'
import { RoleScopeType } from './role.type'

@InputType({ description: 'What a role is made of. On an update absent values stay as they are.' })
export class RoleInput implements RoleDraft {
  @Field(() => String, {
    nullable: true,
    description: 'Display name, at most 100 characters; needed for a new role.',
  })
  name?: string | null
  @Field(() => String, {
    nullable: true,
    description: 'a-z, 0-9 and _, unique within the scope; made from the name when absent. It stays.',
  })
  key?: string | null
  @Field(() => String, { nullable: true, description: 'At most 500 characters; null removes it.' }) description?:
    | string
    | null
  @Field(() => RoleScopeType, { nullable: true, description: 'Where it applies; needed for a new role. It stays.' })
  scope?: RoleScope | null
  @Field(() => [String], {
    nullable: true,
    description:
      'Keys of everything it allows, fewer than 200, of which the caller holds each. organization.read or project.read is in it without being named.',
  })
  permissions?: string[] | null
}
