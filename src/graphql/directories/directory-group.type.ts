import { Field, Int, ObjectType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { DirectoryGroupRow } from '../../modules/directories'
import { Count, PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'

@ObjectType('DirectoryGroup', {
  implements: Node,
  simpleResolvers: true,
  description:
    'A group as the identity provider sees it, mirrored by a team of the same name. Its id is the id of the SCIM Group.',
})
export class DirectoryGroupType extends Node {
  /** The group as the module knows it. */
  readonly row: DirectoryGroupRow
  @Field(() => String, { description: 'As it was sent; unique within the directory without case.' }) displayName: string
  @Field(() => String, { nullable: true, description: "The identity provider's own id of the group." })
  externalId: string | null
  @Field(() => Int, {
    description: 'People and groups that it names itself; its team holds those of groups below too.',
  })
  memberCount: number
  @Field(() => DateTime, { description: 'When it was first sent.' }) createdAt: Date
  @Field(() => DateTime, { description: 'When something of it last changed.' }) updatedAt: Date
}

@ObjectType({ simpleResolvers: true, description: 'A group of a directory and its place in a list.' })
export class DirectoryGroupEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => DirectoryGroupType, { description: 'The group.' }) node: DirectoryGroupType
}

@ObjectType({ description: 'A page of groups of a directory.' })
export class DirectoryGroupConnection {
  @Field(() => [DirectoryGroupEdge], { description: 'The groups with their cursors.' }) edges: DirectoryGroupEdge[]
  @Field(() => [DirectoryGroupType], { description: 'The groups alone.' }) nodes: DirectoryGroupType[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
  /** Counted when selected. */
  readonly count: () => Promise<Count>

  @Field(() => Count, { description: 'How many groups the list holds; counting those that match stops at 10,000.' })
  totalCount(): Promise<Count> {
    return this.count()
  }
}

/** The GraphQL object of a group. */
export function directoryGroupNode(row: DirectoryGroupRow): DirectoryGroupType {
  return {
    typeName: 'DirectoryGroup' satisfies IdType,
    row,
    id: toTypeId('DirectoryGroup', row.id),
    displayName: row.displayName,
    externalId: row.externalId,
    memberCount: row.memberCount,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
