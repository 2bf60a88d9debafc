import { Field, ObjectType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { DirectoryUserRow } from '../../modules/directories'
import { Count, PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { Json } from '../json.scalar'
import { Node } from '../node'
import { RoleType, roleNode } from '../roles/role.type'

@ObjectType('DirectoryUser', {
  implements: Node,
  simpleResolvers: true,
  description: 'A person as the identity provider sees them, linked to one member. Its id is the id of the SCIM User.',
})
export class DirectoryUserType extends Node {
  /** The person as the module knows it. */
  readonly row: DirectoryUserRow
  @Field(() => String, { description: 'As it was sent; unique within the directory without case.' }) userName: string
  @Field(() => String, { nullable: true, description: "The identity provider's own id of the person." })
  externalId: string | null
  @Field(() => Boolean, { description: 'False suspends the member.' }) active: boolean
  @Field(() => Boolean, { description: 'Whether the member was there before the directory.' }) isAdopted: boolean
  @Field(() => RoleType, { nullable: true, description: 'The role that a rule gives; null when none does.' })
  givenRole: RoleType | null
  @Field(() => Json, { description: 'Everything that was sent, by the names of SCIM; never a password.' })
  attributes: unknown
  @Field(() => DateTime, { description: 'When it was first sent.' }) createdAt: Date
  @Field(() => DateTime, { description: 'When something of it last changed.' }) updatedAt: Date
}

@ObjectType({ simpleResolvers: true, description: 'A person of a directory and their place in a list.' })
export class DirectoryUserEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => DirectoryUserType, { description: 'The person.' }) node: DirectoryUserType
}

@ObjectType({ description: 'A page of people of a directory.' })
export class DirectoryUserConnection {
  @Field(() => [DirectoryUserEdge], { description: 'The people with their cursors.' }) edges: DirectoryUserEdge[]
  @Field(() => [DirectoryUserType], { description: 'The people alone.' }) nodes: DirectoryUserType[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
  /** Counted when selected. */
  readonly count: () => Promise<Count>

  @Field(() => Count, { description: 'How many people the list holds; counting those that match stops at 10,000.' })
  totalCount(): Promise<Count> {
    return this.count()
  }
}

/** The GraphQL object of a person. */
export function directoryUserNode(row: DirectoryUserRow): DirectoryUserType {
  return {
    typeName: 'DirectoryUser' satisfies IdType,
    row,
    id: toTypeId('DirectoryUser', row.id),
    userName: row.userName,
    externalId: row.externalId,
    active: row.active,
    isAdopted: row.isAdopted,
    givenRole: row.givenRole && roleNode({ ...row.givenRole, scope: 'ORGANIZATION' }),
    attributes: row.attributes,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
