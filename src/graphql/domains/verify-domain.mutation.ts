import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { checkDomain } from '../../modules/domains'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { loadDomain } from './domain.query'
import { DomainPayload } from './domain.type'

@Resolver()
export class VerifyDomainMutation {
  @Directive('@can(do: "domain.manage")')
  @Mutation(() => DomainPayload, {
    nullable: true,
    description: 'Looks for the TXT record now. What was found stands in status and lastCheckError.',
  })
  async verifyDomain(
    @Arg('id', () => ID, { description: 'Which domain.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<DomainPayload> {
    return payload(async () => {
      const domainId = readId('Domain', id, ['id'])
      await checkDomain(context.operation, context.outside, domainId)
      return { domain: await loadDomain(context, domainId) }
    })
  }
}
