import { Field, ObjectType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'

@ObjectType('User', {
  implements: Node,
  simpleResolvers: true,
  description: 'A person, possibly in several organizations. Organizations see members instead.',
})
export class UserType extends Node {
  @Field(() => String, { description: 'Display name; may be empty.' }) name: string
  @Field(() => String, { description: 'Address for mail; it identifies nobody.' }) email: string
  @Field(() => String, { nullable: true, description: 'Address of a picture.' }) avatarUrl: string | null
  @Field(() => DateTime, { description: 'When the account was made.' }) createdAt: Date
  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when the operator has shut the account out; null while usable.',
  })
  disabledAt: Date | null
}

/** A person as the modules know one. */
export interface UserRow {
  id: string
  name: string
  email: string
  avatarUrl: string | null
  createdAt: Date
  disabledAt?: Date | null
}

/** The GraphQL object of a user row. */
export function userNode(row: UserRow): UserType {
  return {
    typeName: 'User' satisfies IdType,
    id: toTypeId('User', row.id),
    name: row.name,
    email: row.email,
    avatarUrl: row.avatarUrl,
    createdAt: row.createdAt,
    disabledAt: row.disabledAt ?? null,
  }
}
