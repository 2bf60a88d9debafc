import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { ApiKeyOwnerKind, ApiKeyRevocationReason, ApiKeyRow, ApiKeyStatus } from '../../modules/api-keys'
import { Count, PageInfo } from '../connection.type'
import { DateTime } from '../date-time.scalar'
import { MemberType } from '../members/member.type'
import { Node } from '../node'
import { ProjectType } from '../projects/project.type'
import { ServiceAccountType } from '../service-accounts/service-account.type'

const ApiKeyStatusEnum = { ACTIVE: 'ACTIVE', EXPIRED: 'EXPIRED', REVOKED: 'REVOKED' } as const
registerEnumType(ApiKeyStatusEnum, {
  name: 'ApiKeyStatus',
  description: 'Whether a key works.',
  valuesConfig: {
    ACTIVE: { description: 'It works, as far as its owner may act.' },
    EXPIRED: { description: 'Its time is over.' },
    REVOKED: { description: 'It was ended for good; revocationReason says why.' },
  },
})

const ApiKeyOwnerKindEnum = { MEMBER: 'MEMBER', SERVICE_ACCOUNT: 'SERVICE_ACCOUNT', PROJECT: 'PROJECT' } as const
registerEnumType(ApiKeyOwnerKindEnum, {
  name: 'ApiKeyOwnerKind',
  description: 'Whom a key acts for.',
  valuesConfig: {
    MEMBER: { description: 'A person: a personal key.' },
    SERVICE_ACCOUNT: { description: 'A service account, in its project.' },
    PROJECT: { description: 'A project, in itself.' },
  },
})

const ApiKeyRevocationReasonEnum = {
  REVOKED: 'REVOKED',
  ROTATED: 'ROTATED',
  LEAKED: 'LEAKED',
  MEMBER_ENDED: 'MEMBER_ENDED',
  SERVICE_ACCOUNT_DISABLED: 'SERVICE_ACCOUNT_DISABLED',
} as const
registerEnumType(ApiKeyRevocationReasonEnum, {
  name: 'ApiKeyRevocationReason',
  description: 'Why a key was revoked.',
  valuesConfig: {
    REVOKED: { description: 'Somebody revoked it.' },
    ROTATED: { description: 'It was replaced without an overlap.' },
    LEAKED: { description: 'It was reported as found in public.' },
    MEMBER_ENDED: { description: 'The access of its member ended.' },
    SERVICE_ACCOUNT_DISABLED: { description: 'Its service account was disabled.' },
  },
})

/** Whom a key acts for. */
export const ApiKeyOwner = createUnionType({
  name: 'ApiKeyOwner',
  description: 'Whom a key acts for.',
  types: () => [MemberType, ServiceAccountType, ProjectType] as const,
  resolveType: ({ typeName }) => typeName,
})

@InputType('ApiKeyFilter', { description: 'Which keys; all given fields must match.' })
export class ApiKeyFilterInput {
  @Field(() => String, { nullable: true, description: 'Part of the name.' }) search?: string | null
  @Field(() => ID, { nullable: true, description: 'Only keys of this member, service account or project.' })
  ownerId?: string | null
  @Field(() => [ApiKeyStatusEnum], { nullable: true, description: 'Only ACTIVE ones when absent.' })
  status?: ApiKeyStatus[] | null
  @Field(() => DateTime, { nullable: true, description: 'Only keys that were neither used nor made since then.' })
  unusedSince?: Date | null
  @Field(() => DateTime, { nullable: true, description: 'Only keys that end before then by themselves.' })
  expiresBefore?: Date | null
}

@ObjectType('ApiKey', {
  implements: Node,
  simpleResolvers: true,
  description:
    'A secret with which programs act for its owner, within its limits. The secret is shown once, when made.',
})
export class ApiKeyType extends Node {
  /** The row it is made of, for fields that lead on. */
  readonly row: ApiKeyRow
  @Field(() => String, { description: 'What people call it.' }) name: string
  @Field(() => String, { description: 'The first 8 and the last 4 characters of the secret, to recognize it by.' })
  preview: string
  @Field(() => ApiKeyOwnerKindEnum, { description: 'Whom it acts for.' }) ownerKind: ApiKeyOwnerKind
  @Field(() => String, { description: 'Name of whom it acts for.' }) ownerName: string
  @Field(() => [String], {
    nullable: true,
    description: 'What it is cut down to; null when it may do everything that its owner may.',
  })
  permissions: string[] | null
  @Field(() => ApiKeyStatusEnum, { description: 'Whether it works.' }) status: ApiKeyStatus
  @Field(() => String, { description: 'Name of whoever made it, as it was then.' }) createdByName: string
  @Field(() => DateTime, { description: 'When it was made.' }) createdAt: Date
  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; null for never.' })
  expiresAt: Date | null
  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to the hour; null when never.' })
  lastUsedAt: Date | null
  @Field(() => String, {
    nullable: true,
    description: 'From which network address it was last used, as of lastUsedAt.',
  })
  lastUsedIp: string | null
  @Field(() => DateTime, { nullable: true, description: 'When it was revoked; null otherwise.' }) revokedAt: Date | null
  @Field(() => ApiKeyRevocationReasonEnum, { nullable: true, description: 'Why it was revoked; null otherwise.' })
  revocationReason: ApiKeyRevocationReason | null
  @Field(() => ID, { nullable: true, description: 'The key that this one replaces; null when it replaces none.' })
  rotatedFromId: string | null
}

@ObjectType({ simpleResolvers: true, description: 'A key and its place in a list.' })
export class ApiKeyEdge {
  @Field(() => String, { description: 'Opaque; continue after or before it.' }) cursor: string
  @Field(() => ApiKeyType, { description: 'The key.' }) node: ApiKeyType
}

@ObjectType({ description: 'A page of keys.' })
export class ApiKeyConnection {
  @Field(() => [ApiKeyEdge], { description: 'The keys with their cursors.' }) edges: ApiKeyEdge[]
  @Field(() => [ApiKeyType], { description: 'The keys alone.' }) nodes: ApiKeyType[]
  @Field(() => PageInfo, { description: 'Where the page stands.' }) pageInfo: PageInfo
  /** Counted when selected. */
  readonly count: () => Promise<Count>

  @Field(() => Count, { description: 'How many keys the list holds; counting stops at 10,000.' })
  totalCount(): Promise<Count> {
    return this.count()
  }
}

/** The GraphQL object of a key. */
export function apiKeyNode(row: ApiKeyRow): ApiKeyType {
  return {
    typeName: 'ApiKey' satisfies IdType,
    row,
    id: toTypeId('ApiKey', row.id),
    name: row.name,
    preview: row.preview,
    ownerKind: row.ownerKind,
    ownerName: row.ownerName,
    permissions: row.permissions,
    status: row.status,
    createdByName: row.createdByName,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    lastUsedAt: row.lastUsedAt,
    lastUsedIp: row.lastUsedIp,
    revokedAt: row.revokedAt,
    revocationReason: row.revocationReason,
    rotatedFromId: row.rotatedFromId && toTypeId('ApiKey', row.rotatedFromId),
  }
}
