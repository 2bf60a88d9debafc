import { Field, ID, ObjectType } from 'type-graphql'
import { toTypeId } from '../../kernel/ids'
import type { OrganizationStatus } from '../../modules/organizations'
import { DateTime } from '../date-time.scalar'
import { OrganizationStatusEnum } from './organization.type'

@ObjectType({
  simpleResolvers: true,
  description: 'What a person may see of an organization without a session in it.',
})
export class OrganizationCard {
  @Field(() => ID, { description: 'Global id of the organization.' }) id: string
  @Field(() => String, { description: 'Unique name in URLs.' }) slug: string
  @Field(() => String, { description: 'Display name.' }) name: string
  @Field(() => String, { nullable: true, description: 'Address of a logo image.' }) logoUrl: string | null
  @Field(() => OrganizationStatusEnum, { description: 'Where it stands between founding and purge.' })
  status: OrganizationStatus
  @Field(() => DateTime, { nullable: true, description: 'When everything will be purged; null while active.' })
  deletionScheduledFor: Date | null
}

/** The GraphQL object of a card. */
export function organizationCard(row: Omit<OrganizationCard, 'id'> & { organizationId: string }): OrganizationCard {
  return {
    id: toTypeId('Organization', row.organizationId),
    slug: row.slug,
    name: row.name,
    logoUrl: row.logoUrl,
    status: row.status,
    deletionScheduledFor: row.deletionScheduledFor,
  }
}
