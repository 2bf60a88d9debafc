import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { setReturnUrls } from '../../modules/sso'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { OrganizationPayload } from '../organizations/organization.payload'
import { loadOrganization } from '../organizations/organization.query'
import { payload } from '../payload.type'

@Resolver()
export class SetReturnUrlsMutation {
  @Directive('@can(do: "sso.manage")')
  @Mutation(() => OrganizationPayload, {
    nullable: true,
    description:
      'Says to which addresses of the platform’s frontends a sign-in through the company may return, to the letter. They get a code, which they exchange for the session with PKCE.',
  })
  async setReturnUrls(
    @Arg('organizationId', () => ID, { description: 'Where.' }) id: string,
    @Arg('urls', () => [String], { description: 'All of them anew; 20 at most.' }) urls: string[],
    @Ctx() context: GraphQLContext,
  ): Promise<OrganizationPayload> {
    return payload(async () => {
      const organizationId = readId('Organization', id, ['organizationId'])
      await context.operation.execute(setReturnUrls, { organizationId, urls })
      return { organization: await loadOrganization(context, organizationId) }
    })
  }
}
