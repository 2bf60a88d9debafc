import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { SYSTEM_ROLES } from '../../access'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { MemberRow, MemberSource, MemberStatus } from '../../modules/members'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'
import { RoleType, roleNode } from '../roles/role.type'

const MemberStatusEnum = { INVITED: 'INVITED', JOINED: 'JOINED', SUSPENDED: 'SUSPENDED', REMOVED: 'REMOVED' } as const

/** Where a member stands, for schema and types. */
export const MemberStatusType = MemberStatusEnum

registerEnumType(MemberStatusEnum, {
  name: 'MemberStatus',
  description: 'Where a member stands. Only JOINED members have access.',
  valuesConfig: {
    INVITED: { description: 'Has a pending invitation; role and grants can be prepared.' },
    JOINED: { description: 'Has access.' },
    SUSPENDED: { description: 'Has no access until reactivated; role and grants are kept.' },
    REMOVED: { description: 'Does not belong any more; stays as a record.' },
  },
})

const MemberSourceEnum = {
  FOUNDER: 'FOUNDER',
  INVITATION: 'INVITATION',
  ADMIN: 'ADMIN',
  SSO: 'SSO',
  SCIM: 'SCIM',
  JOIN_REQUEST: 'JOIN_REQUEST',
} as const

/** How a member came, for schema and types. */
export const MemberSourceType = MemberSourceEnum

registerEnumType(MemberSourceEnum, {
  name: 'MemberSource',
  description: 'How a member came to belong.',
  valuesConfig: {
    FOUNDER: { description: 'Founded the organization.' },
    INVITATION: { description: 'Was invited by e-mail.' },
    ADMIN: { description: 'Was added directly.' },
    SSO: { description: 'Came by single sign-on.' },
    SCIM: { description: 'Was provisioned by a directory.' },
    JOIN_REQUEST: { description: 'Asked to join.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'The person behind a member, as other members may see them.' })
export class MemberUser {
  @Field(() => ID, { description: 'Global id of the account.' }) id: string
  @Field(() => String, { description: 'Display name of the account; may be empty.' }) name: string
  @Field(() => String, { nullable: true, description: 'Address of a picture.' }) avatarUrl: string | null
}

@ObjectType('Member', {
  implements: Node,
  simpleResolvers: true,
  description: "A person's place in one organization; exists from the invitation on.",
})
export class MemberType extends Node {
  /** The id as the modules know it. */
  readonly uuid: string
  readonly organizationUuid: string
  @Field(() => String, { description: 'Address by which the organization knows the person.' }) email: string
  @Field(() => String, { description: 'Display name; empty until an invitation is accepted.' }) name: string
  @Field(() => String, { nullable: true, description: 'Address of a picture.' }) avatarUrl: string | null
  @Field(() => MemberStatusEnum, { description: 'Where the member stands.' }) status: MemberStatus
  @Field(() => MemberSourceEnum, { description: 'How the member came to belong.' }) source: MemberSource
  @Field(() => RoleType, { description: 'The role in the organization.' }) role: RoleType
  @Field(() => Boolean, { description: 'Whether the role is Admin, whatever the status.' }) isAdmin: boolean
  @Field(() => Int, { description: 'Counted up with every change.' }) version: number
  @Field(() => DateTime, { nullable: true, description: 'When the person joined; null while invited.' })
  joinedAt: Date | null
  @Field(() => DateTime, { nullable: true, description: 'When the person was last active here, to the hour.' })
  lastActiveAt: Date | null
  @Field(() => DateTime, { nullable: true, description: 'Since when access is suspended; null otherwise.' })
  suspendedAt: Date | null
  @Field(() => String, { nullable: true, description: 'Why, in the words of whoever suspended.' })
  suspensionReason: string | null
  @Field(() => MemberUser, { nullable: true, description: 'Null until an invitation is accepted.' })
  user: MemberUser | null
}

/** Makes the GraphQL objects of one page, whose members share a few roles. */
export function memberNodes(): (row: MemberRow) => MemberType {
  const roles = new Map<string, RoleType>()
  return (row) => {
    const known = roles.get(row.roleId)
    const node = memberNode(row, known)
    if (!known) roles.set(row.roleId, node.role)
    return node
  }
}

/** The GraphQL object of a member row. */
export function memberNode(row: MemberRow, role: RoleType = roleOf(row)): MemberType {
  return {
    typeName: 'Member' satisfies IdType,
    uuid: row.id,
    organizationUuid: row.organizationId,
    id: toTypeId('Member', row.id),
    email: row.email,
    name: row.name,
    avatarUrl: row.avatarUrl,
    status: row.status,
    source: row.source,
    role,
    isAdmin: row.roleKey === SYSTEM_ROLES.ADMIN.key,
    version: row.version,
    joinedAt: row.joinedAt,
    lastActiveAt: row.lastActiveAt,
    suspendedAt: row.suspendedAt,
    suspensionReason: row.suspensionReason,
    user: row.userId
      ? { id: toTypeId('User', row.userId), name: row.userName ?? '', avatarUrl: row.userAvatarUrl }
      : null,
  }
}

function roleOf(row: MemberRow): RoleType {
  return roleNode({
    id: row.roleId,
    key: row.roleKey,
    name: row.roleName,
    description: row.roleDescription,
    scope: 'ORGANIZATION',
    isSystem: row.roleIsSystem,
  })
}
