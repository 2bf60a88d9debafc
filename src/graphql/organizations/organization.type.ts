import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { type IdType, toTypeId } from '../../kernel/ids'
import type { MembershipMode, OrganizationEntity, OrganizationStatus } from '../../modules/organizations'
import { DateTime } from '../date-time.scalar'
import { Node } from '../node'

export const OrganizationStatusEnum = { ACTIVE: 'ACTIVE', PENDING_DELETION: 'PENDING_DELETION' } as const
registerEnumType(OrganizationStatusEnum, {
  name: 'OrganizationStatus',
  description: 'Where an organization stands between founding and purge.',
  valuesConfig: {
    ACTIVE: { description: 'In use.' },
    PENDING_DELETION: { description: 'Nobody has access; deletion can be cancelled until deletionScheduledFor.' },
  },
})

export const MembershipModeEnum = { INVITATION: 'INVITATION', SSO: 'SSO' } as const
registerEnumType(MembershipModeEnum, {
  name: 'MembershipMode',
  description: 'The two ways of managing who belongs are mutually exclusive.',
  valuesConfig: {
    INVITATION: { description: 'Admins invite by e-mail.' },
    SSO: { description: 'The identity provider decides.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'Rules an organization sets for itself.' })
export class OrganizationSettings {
  @Field(() => Int, { description: 'Days until an invitation expires, 1 to 30.' }) invitationLifetimeDays: number
  @Field(() => [String], { description: 'Domains an invitation may be sent to; empty means any address.' })
  invitationDomains: string[]
  @Field(() => Int, { nullable: true, description: 'The longest life of a new API key in days; null for any.' })
  apiKeyMaxLifetimeDays: number | null
}

@ObjectType('Organization', {
  implements: Node,
  simpleResolvers: true,
  description: 'A company account: the container of members, projects and everything below.',
})
export class OrganizationType extends Node {
  /** The id as the modules know it. */
  readonly uuid: string
  /** The row it is made of, for fields that decide before they show something of it. */
  readonly row: OrganizationEntity
  @Field(() => String, { description: 'Unique name in URLs.' }) slug: string
  @Field(() => String, { description: 'Display name.' }) name: string
  @Field(() => String, { nullable: true, description: 'What the organization is about.' }) description: string | null
  @Field(() => String, { nullable: true, description: 'Address of a logo image.' }) logoUrl: string | null
  @Field(() => OrganizationStatusEnum, { description: 'Where it stands between founding and purge.' })
  status: OrganizationStatus
  @Field(() => DateTime, { nullable: true, description: 'When everything will be purged; null while active.' })
  deletionScheduledFor: Date | null
  @Field(() => MembershipModeEnum, { description: 'How people come to belong.' }) membershipMode: MembershipMode
  @Field(() => OrganizationSettings, { description: 'Rules it sets for itself.' }) settings: OrganizationSettings
  @Field(() => DateTime, { description: 'When it was founded.' }) createdAt: Date
  @Field(() => DateTime, { description: 'When it was last changed.' }) updatedAt: Date
  @Field(() => Int, { description: 'Send back as expectedVersion to detect concurrent edits.' }) version: number
}

/** The GraphQL object of an organization row. */
export function organizationNode(row: OrganizationEntity): OrganizationType {
  return {
    typeName: 'Organization' satisfies IdType,
    uuid: row.organizationId,
    row,
    id: toTypeId('Organization', row.organizationId),
    slug: row.slug,
    name: row.name,
    description: row.description,
    logoUrl: row.logoUrl,
    status: row.status,
    deletionScheduledFor: row.deletionScheduledFor,
    membershipMode: row.membershipMode,
    settings: {
      invitationLifetimeDays: row.invitationLifetimeDays,
      invitationDomains: row.invitationDomains,
      apiKeyMaxLifetimeDays: row.apiKeyMaxLifetimeDays,
    },
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    version: row.version,
  }
}
