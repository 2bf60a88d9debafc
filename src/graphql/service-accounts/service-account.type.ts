import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { ServiceAccountRow, ServiceAccountStatus } from '../../modules/service-accounts'
import { Count, PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'
import { RoleType, roleNode } from '../roles/role.type'

const ServiceAccountStatusEnum = { ACTIVE: 'ACTIVE', DISABLED: 'DISABLED' } as const
registerEnumType(ServiceAccountStatusEnum, {
  name: 'ServiceAccountStatus',
  description: 'Whether a service account is in use.',
  valuesConfig: {
    ACTIVE: { description: 'In use.' },
    DISABLED: { description: 'Out of use: its keys have ended, and it gets no new ones.' },
  },
})

@InputType('ServiceAccountFilter', { description: 'Which service accounts; all given fields must match.' })
export class ServiceAccountFilterInput {
  @Field(() => String, { nullable: true, description: 'Part of the name.' }) search?: string | null
  @Field(() => [ServiceAccountStatusEnum], { nullable: true, description: 'All when absent.' })
  status?: ServiceAccountStatus[] | null
  @Field(() => ID, { nullable: true, description: 'Only those of this project.' }) projectId?: string | null
}

@ObjectType('ServiceAccount', {
  implements: Node,
  simpleResolvers: true,
  description:
    'A program that acts in one project, with a role of its own. It stays when the person who made it leaves.',
})
export class ServiceAccountType extends Node {
  /** The row it is made of, for fields that lead on. */
  readonly row: ServiceAccountRow
  @Field(() => String, { description: 'Unique within the project.' }) name: string
  @Field(() => String, { nullable: true, description: 'What it is for.' }) description: string | null
  @Field(() => ServiceAccountStatusEnum, { description: 'Whether it is in use.' }) status: ServiceAccountStatus
  @Field(() => RoleType, { description: 'What it may do in its project.' }) role: RoleType
  @Field(() => String, { description: 'Name of whoever made it, as it was then.' }) createdByName: string
  @Field(() => Int, { description: 'Send back as expectedVersion to detect concurrent edits.' }) version: number
  @Field(() => DateTime, { description: 'When it was made.' }) createdAt: Date
  @Field(() => DateTime, { nullable: true, description: 'When one of its keys was last used, to the hour.' })
  lastUsedAt: Date | null
}

@ObjectType({ simpleResolvers: true, description: 'A service account and its place in a list.' })
export class ServiceAccountEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => ServiceAccountType, { description: 'The service account.' }) node: ServiceAccountType
}

@ObjectType({ description: 'A page of service accounts.' })
export class ServiceAccountConnection {
  @Field(() => [ServiceAccountEdge], { description: 'The service accounts with their cursors.' })
  edges: ServiceAccountEdge[]
  @Field(() => [ServiceAccountType], { description: 'The service accounts alone.' }) nodes: ServiceAccountType[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
  /** Counted when selected. */
  readonly count: () => Promise<Count>

  @Field(() => Count, { description: 'How many service accounts the list holds; counting stops at 10,000.' })
  totalCount(): Promise<Count> {
    return this.count()
  }
}

/** The GraphQL object of a service account. */
export function serviceAccountNode(row: ServiceAccountRow): ServiceAccountType {
  return {
    typeName: 'ServiceAccount' satisfies IdType,
    row,
    id: toTypeId('ServiceAccount', row.id),
    name: row.name,
    description: row.description,
    status: row.status,
    role: roleNode({ ...row.role, scope: 'PROJECT' }),
    createdByName: row.createdByName,
    version: row.version,
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
  }
}
