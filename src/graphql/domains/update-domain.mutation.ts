import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { type DomainJoinPolicy, updateDomain } from '../../modules/domains'
import type { GraphQLContext } from '../context'
import { readId } from '../id'
import { payload } from '../payload.type'
import { loadDomain } from './domain.query'
import { DomainJoinPolicyEnum, DomainPayload } from './domain.type'

@Resolver()
export class UpdateDomainMutation {
  @Directive('@can(do: "domain.manage")')
  @Mutation(() => DomainPayload, {
    nullable: true,
    description: 'Says who may ask to be let in by an address of the domain.',
  })
  async updateDomain(
    @Arg('id', () => ID, { description: 'Which domain.' }) id: string,
    @Arg('joinPolicy', () => DomainJoinPolicyEnum, { description: 'Who may ask.' }) joinPolicy: DomainJoinPolicy,
    @Ctx() context: GraphQLContext,
  ): Promise<DomainPayload> {
    return payload(async () => {
      const domainId = readId('Domain', id, ['id'])
      await context.operation.execute(updateDomain, { domainId, joinPolicy })
      return { domain: await loadDomain(context, domainId) }
    })
  }
}
