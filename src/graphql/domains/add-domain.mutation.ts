import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { addDomain } from '../../modules/domains'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { loadDomain } from './domain.query'
import { DomainPayload } from './domain.type'

@Resolver()
export class AddDomainMutation {
  @Directive('@can(do: "domain.manage")')
  @Mutation(() => DomainPayload, {
    nullable: true,
    description: 'Claims a domain. It counts for nothing until verifyDomain has found its TXT record.',
  })
  async addDomain(
    @Arg('organizationId', () => ID, { description: 'Who claims it.' }) organizationId: string,
    @Arg('name', () => String, { description: 'e.g. example.com' }) name: string,
    @Ctx() context: GraphQLContext,
  ): Promise<DomainPayload> {
    return payload(async () => {
      const organization = readId('Organization', organizationId, ['organizationId'])
      const id = await context.operation.execute(addDomain, { organizationId: organization, name })
      return { domain: await loadDomain(context, id) }
    })
  }
}
