import type { GraphQLResolveInfo } from 'graphql'
import { Ctx, Directive, Info, Query, Resolver } from 'type-graphql'
import { listSigningKeys } from '../../modules/tokens'
import type { GraphQLContext } from '../context'
import { nullWhenForbidden } from '../guard'
import { SigningKeyType } from './signing-key.type'

@Resolver()
export class SigningKeyQuery {
  @Directive('@can(do: "operator")')
  @Query(() => [SigningKeyType], {
    nullable: true,
    description: 'The keys that sign access tokens, the active one first, for the operator.',
  })
  async signingKeys(
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<readonly SigningKeyType[] | null> {
    return nullWhenForbidden(context, info, () => context.operation.execute(listSigningKeys, {}))
  }
}
