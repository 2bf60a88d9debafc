import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql'
import { cancelOrganizationDeletion } from '../../modules/organizations'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { OrganizationPayload } from './organization.payload'
import { organizationNode } from './organization.type'

@Resolver()
export class CancelOrganizationDeletionMutation {
  @Mutation(() => OrganizationPayload, {
    nullable: true,
    description:
      "Brings a deleted organization back. Needs an account session of one of its Admins, or the operator's key; people switch to it afterwards.",
  })
  async cancelOrganizationDeletion(
    @Arg('id', () => ID, { description: 'Which organization.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<OrganizationPayload> {
    return payload(async () => {
      const organizationId = readId('Organization', id, ['id'])
      const organization = await context.operation.execute(cancelOrganizationDeletion, { organizationId })
      return { organization: organizationNode(organization) }
    })
  }
}
