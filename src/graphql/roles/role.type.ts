import { Field, ObjectType, registerEnumType } from 'type-graphql'
import type { RoleScope } from '../../access'
import { type IdType, toTypeId } from '../../kernel/ids'
import { Node } from '../node'

const RoleScopeEnum = { ORGANIZATION: 'ORGANIZATION', PROJECT: 'PROJECT' } as const

/** Where a role applies, for schema and types. */
export const RoleScopeType = RoleScopeEnum

registerEnumType(RoleScopeEnum, {
  name: 'RoleScope',
  description: 'Where a role applies.',
  valuesConfig: {
    ORGANIZATION: { description: 'In the whole organization.' },
    PROJECT: { description: 'In the project it is given for.' },
  },
})

const RoleActionEnum = { UPDATE: 'UPDATE', DELETE: 'DELETE', ASSIGN: 'ASSIGN' } as const

/** What can be done with a role, for schema and types. */
export const RoleActionType = RoleActionEnum

registerEnumType(RoleActionEnum, {
  name: 'RoleAction',
  description: 'What somebody may want to do with a role.',
  valuesConfig: {
    UPDATE: { description: 'Rename it, or change what it allows.' },
    DELETE: { description: 'Delete it.' },
    ASSIGN: { description: 'Give it to somebody.' },
  },
})

@ObjectType('Role', {
  implements: Node,
  simpleResolvers: true,
  description: 'A named set of permissions that members and project grants refer to.',
})
export class RoleType extends Node {
  /** The id as the modules know it. */
  readonly uuid: string
  @Field(() => String, { description: 'Stable name within its scope, e.g. admin.' }) key: string
  @Field(() => String, { description: 'Display name.' }) name: string
  @Field(() => String, { nullable: true, description: 'What it is for.' }) description: string | null
  @Field(() => RoleScopeEnum, { description: 'Where it applies.' }) scope: RoleScope
  @Field(() => Boolean, { description: 'Built in: nobody can change it.' }) isSystem: boolean
  /** Everything it allows, and what only an editor asks for; null where only its name was read. */
  readonly granted: ReadonlySet<string> | null
  readonly edition: RoleEdition | null
}

/** Which state of a role it is. */
export interface RoleEdition {
  version: number
  createdAt: Date
}

/** A role as the modules know one. */
export interface RoleRow {
  id: string
  key: string
  name: string
  description: string | null
  scope: RoleScope
  isSystem: boolean
  /** Absent where only its name was read. */
  permissions?: ReadonlySet<string>
  version?: number
  createdAt?: Date
}

/** The GraphQL object of a role. */
export function roleNode(row: RoleRow): RoleType {
  return {
    typeName: 'Role' satisfies IdType,
    uuid: row.id,
    id: toTypeId('Role', row.id),
    key: row.key,
    name: row.name,
    description: row.description,
    scope: row.scope,
    isSystem: row.isSystem,
    granted: row.permissions ?? null,
    edition: row.version && row.createdAt ? { version: row.version, createdAt: row.createdAt } : null,
  }
}
