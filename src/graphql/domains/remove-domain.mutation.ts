import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql'
import { removeDomain } from '../../modules/domains'
import type { GraphQLContext } from '../context'
import { DeletePayload } from '../delete.payload'
import { readId } from '../id'
import { payload } from '../payload.type'

@Resolver()
export class RemoveDomainMutation {
  @Directive('@can(do: "domain.manage")')
  @Mutation(() => DeletePayload, {
    nullable: true,
    description: 'Gives a domain up. Members with addresses of it stay.',
  })
  async removeDomain(
    @Arg('id', () => ID, { description: 'Which domain.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<DeletePayload> {
    return payload(async () => {
      await context.operation.execute(removeDomain, { domainId: readId('Domain', id, ['id']) })
      return { deletedId: id }
    })
  }
}
