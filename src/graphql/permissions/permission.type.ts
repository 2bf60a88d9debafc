import { Field, ObjectType, registerEnumType } from 'type-graphql'
import type { CatalogPermission, PermissionScope } from '../../modules/permissions'
import { DateTime } from '../date-time.scalar'

const PermissionScopeEnum = { ORGANIZATION: 'ORGANIZATION', PROJECT: 'PROJECT', RESOURCE: 'RESOURCE' } as const

/** Where a permission is decided, for schema and types. */
export const PermissionScopeType = PermissionScopeEnum

registerEnumType(PermissionScopeEnum, {
  name: 'PermissionScope',
  description: 'Where a permission is decided.',
  valuesConfig: {
    ORGANIZATION: { description: 'In the organization as a whole; roles in projects cannot give it.' },
    PROJECT: { description: 'In a project.' },
    RESOURCE: { description: 'On a resource of the platform, which is in a project: decided in that project.' },
  },
})

const PermissionSourceEnum = { GATEHOUSE: 'GATEHOUSE', PLATFORM: 'PLATFORM' } as const

registerEnumType(PermissionSourceEnum, {
  name: 'PermissionSource',
  description: 'Whose permission it is.',
  valuesConfig: {
    GATEHOUSE: { description: "Gatehouse's own." },
    PLATFORM: { description: 'Registered by the operator for the services of the platform.' },
  },
})

@ObjectType('Permission', { simpleResolvers: true, description: 'One thing that a role can allow.' })
export class PermissionType implements CatalogPermission {
  @Field(() => String, { description: 'Stable name, e.g. member.role.update.' }) key: string
  @Field(() => String, { description: 'What it allows, for people.' }) title: string
  @Field(() => String, { nullable: true, description: 'More about it.' }) description: string | null
  @Field(() => PermissionScopeEnum, { description: 'Where it is decided.' }) scope: PermissionScope
  @Field(() => Boolean, { description: 'Whether it changes who has access, or shows secrets.' }) isSensitive: boolean
  @Field(() => Boolean, {
    description: 'Whether the built-in Member or Project member holds it; Admin holds every permission.',
  })
  isForMembers: boolean
  @Field(() => PermissionSourceEnum, { description: 'Whose it is.' }) source: 'GATEHOUSE' | 'PLATFORM'
  @Field(() => DateTime, { nullable: true, description: 'Since when nobody holds it any more; null while it counts.' })
  retiredAt: Date | null
}
