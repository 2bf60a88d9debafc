import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { ConflictReason, ConflictRow, ConflictStatus } from '../../modules/directories'
import { PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'
import { Payload } from '../payload.type'

const ConflictReasonEnum: Record<ConflictReason, ConflictReason> = {
  UNPROVEN_DOMAIN: 'UNPROVEN_DOMAIN',
  CONFIRMATION: 'CONFIRMATION',
  OTHER_DIRECTORY: 'OTHER_DIRECTORY',
}
registerEnumType(ConflictReasonEnum, {
  name: 'DirectoryConflictReason',
  description: 'Why a directory does not take over a member by itself.',
  valuesConfig: {
    UNPROVEN_DOMAIN: { description: 'The address is of no domain that the organization has proven.' },
    CONFIRMATION: { description: 'The directory takes over nobody without asking, or an Admin said no.' },
    OTHER_DIRECTORY: { description: 'Another directory provides the member; no confirmation helps.' },
  },
})

export const ConflictStatusEnum: Record<ConflictStatus, ConflictStatus> = {
  OPEN: 'OPEN',
  CONFIRMED: 'CONFIRMED',
  REJECTED: 'REJECTED',
  ADOPTED: 'ADOPTED',
}
registerEnumType(ConflictStatusEnum, {
  name: 'DirectoryConflictStatus',
  description: 'What became of a conflict.',
  valuesConfig: {
    OPEN: { description: 'Nobody has decided; the identity provider is refused and tries again.' },
    CONFIRMED: { description: 'The next attempt takes the member over.' },
    REJECTED: { description: 'The attempts go on to be refused.' },
    ADOPTED: { description: 'The directory has taken the member over.' },
  },
})

@ObjectType('DirectoryConflict', {
  implements: Node,
  simpleResolvers: true,
  description: 'A pushed person who matches a member that the directory may not take over by itself.',
})
export class DirectoryConflictType extends Node {
  /** The conflict as the module knows it. */
  readonly row: ConflictRow
  @Field(() => String, { description: 'As pushed.' }) userName: string
  @Field(() => String, { nullable: true, description: 'As pushed.' }) externalId: string | null
  @Field(() => String, { description: 'The address by which they match.' }) email: string
  @Field(() => String, { description: 'The name as pushed, to compare with that of the member.' }) name: string
  @Field(() => ConflictReasonEnum, { description: 'Why it needs somebody to decide.' }) reason: ConflictReason
  @Field(() => ConflictStatusEnum, { description: 'What became of it.' }) status: ConflictStatus
  @Field(() => Int, { description: 'How often the identity provider has tried.' }) attempts: number
  @Field(() => DateTime, { description: 'The first attempt.' }) firstSeenAt: Date
  @Field(() => DateTime, { description: 'The latest attempt.' }) lastSeenAt: Date
  @Field(() => DateTime, { nullable: true, description: 'When somebody decided.' }) decidedAt: Date | null
  @Field(() => String, { nullable: true, description: 'Who, by the name they had then.' }) decidedByName: string | null
}

@ObjectType({ simpleResolvers: true, description: 'A conflict and its place in a list.' })
export class DirectoryConflictEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => DirectoryConflictType, { description: 'The conflict.' }) node: DirectoryConflictType
}

@ObjectType({ simpleResolvers: true, description: 'A page of conflicts.' })
export class DirectoryConflictConnection {
  @Field(() => [DirectoryConflictEdge], { description: 'The conflicts with their cursors.' })
  edges: DirectoryConflictEdge[]
  @Field(() => [DirectoryConflictType], { description: 'The conflicts alone.' }) nodes: DirectoryConflictType[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
}

@ObjectType({ implements: Payload, description: 'The conflict as it is after the decision.' })
export class DirectoryConflictPayload extends Payload {
  @Field(() => DirectoryConflictType, { nullable: true, description: 'The conflict; null when nothing was decided.' })
  conflict?: DirectoryConflictType | null
}

/** The GraphQL object of a conflict. */
export function directoryConflictNode(row: ConflictRow): DirectoryConflictType {
  return {
    typeName: 'DirectoryConflict' satisfies IdType,
    row,
    id: toTypeId('DirectoryConflict', row.id),
    userName: row.userName,
    externalId: row.externalId,
    email: row.email,
    name: row.name,
    reason: row.reason,
    status: row.status,
    attempts: row.attempts,
    firstSeenAt: row.firstSeenAt,
    lastSeenAt: row.lastSeenAt,
    decidedAt: row.decidedAt,
    decidedByName: row.decidedByName,
  }
}
