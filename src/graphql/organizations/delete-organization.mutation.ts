import { Arg, Ctx, Directive, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { deleteOrganization } from '../../modules/organizations'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { Payload, payload } from '../payload.type'
import { OrganizationType, organizationNode } from './organization.type'

@ObjectType({ implements: Payload, description: 'The organization as it waits for its purge, and what ended at once.' })
export class DeleteOrganizationPayload extends Payload {
  @Field(() => OrganizationType, {
    nullable: true,
    description: 'Its own fields; nobody can read further into it, the caller included.',
  })
  organization?: OrganizationType | null
  @Field(() => Int, { nullable: true, description: 'Sessions that ended with the answer.' }) sessionsRevoked?:
    | number
    | null
  @Field(() => Int, { nullable: true, description: 'Refresh tokens of applications that ended with those.' })
  refreshTokensRevoked?: number | null
}

@Resolver()
export class DeleteOrganizationMutation {
  @Directive('@can(do: "organization.delete")')
  @Mutation(() => DeleteOrganizationPayload, {
    nullable: true,
    description:
      'Ends all access at once and schedules the purge in 30 days; cancelOrganizationDeletion brings it back.',
  })
  async deleteOrganization(
    @Arg('id', () => ID, { description: 'Which organization.' }) id: string,
    @Arg('confirmSlug', () => String, { description: 'Its slug, typed again.' }) confirmSlug: string,
    @Ctx() context: GraphQLContext,
  ): Promise<DeleteOrganizationPayload> {
    return payload(async () => {
      const organizationId = readId('Organization', id, ['id'])
      const receipt = await context.operation.execute(deleteOrganization, { organizationId, confirmSlug })
      return { ...receipt, organization: organizationNode(receipt.organization) }
    })
  }
}
