import { Arg, Ctx, Directive, Field, ID, InputType, Int, Mutation, Resolver } from 'type-graphql'
import { updateOrganization } from '../../modules/organizations'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { OrganizationPayload } from './organization.payload'
import { loadOrganization } from './organization.query'

@InputType({ description: 'Rules to change; what is absent stays.' })
export class OrganizationSettingsInput {
  @Field(() => Int, { nullable: true, description: 'Days until an invitation expires, 1 to 30.' })
  invitationLifetimeDays?: number | null
  @Field(() => [String], {
    nullable: true,
    description: 'Domains an invitation may be sent to, at most 100; empty means any address.',
  })
  invitationDomains?: string[] | null
  @Field(() => Int, {
    nullable: true,
    description:
      'The longest life of a new API key in days, 1 to 3650; null for any. Keys that exist stay as they are.',
  })
  apiKeyMaxLifetimeDays?: number | null
}

@InputType({ description: 'What to change; what is absent stays.' })
export class UpdateOrganizationInput {
  @Field(() => String, { nullable: true, description: 'Display name, at most 100 characters.' }) name?: string | null
  @Field(() => String, { nullable: true, description: 'URL identifier; the old one is free for others at once.' })
  slug?: string | null
  @Field(() => String, { nullable: true, description: 'At most 500 characters; null clears it.' })
  description?: string | null
  @Field(() => String, { nullable: true, description: 'An https:// address of an image; null clears it.' })
  logoUrl?: string | null
  @Field(() => String, { nullable: true, description: 'Where bills go.' }) billingEmail?: string | null
  @Field(() => OrganizationSettingsInput, { nullable: true, description: 'Rules it sets for itself.' })
  settings?: OrganizationSettingsInput | null
}

@Resolver()
export class UpdateOrganizationMutation {
  @Directive('@can(do: "organization.update")')
  @Mutation(() => OrganizationPayload, { nullable: true, description: 'Changes an organization.' })
  async updateOrganization(
    @Arg('id', () => ID, { description: 'Global id of the organization.' }) id: string,
    @Arg('input', () => UpdateOrganizationInput, { description: 'What to change.' }) changes: UpdateOrganizationInput,
    @Arg('expectedVersion', () => Int, { nullable: true, description: 'Refuse when it is at another version.' })
    expectedVersion: number | null,
    @Ctx() context: GraphQLContext,
  ): Promise<OrganizationPayload> {
    return payload(async () => {
      const organizationId = readId('Organization', id, ['id'])
      await context.operation.execute(updateOrganization, { organizationId, changes, expectedVersion })
      return { organization: await loadOrganization(context, organizationId) }
    })
  }
}
