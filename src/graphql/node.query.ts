import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql'
import { AppError } from '../kernel/errors'
import type { GraphQLContext } from './context'
import { nullWhenForbidden } from './guard'
import { loadNode, Node } from './node'

const MAXIMUM_IDS = 100

@Resolver()
export class NodeQuery {
  @Query(() => Node, {
    nullable: true,
    description: 'Any object by id; null when it does not exist or the caller cannot see it.',
  })
  async node(
    @Arg('id', () => ID, { description: 'Global id of anything.' }) id: string,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Node | null> {
    return nullWhenForbidden(context, info, () => loadNode(context, id))
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: 'Objects by id, in the order asked for; null in the place of each that cannot be seen.',
  })
  async nodes(
    @Arg('ids', () => [ID], { description: 'At most 100 global ids.' }) ids: string[],
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<(Node | null)[]> {
    if (ids.length > MAXIMUM_IDS)
      throw new AppError('TOO_MANY', `At most ${MAXIMUM_IDS} ids at once.`, { path: ['ids'] })
    return Promise.all(ids.map((id) => nullWhenForbidden(context, info, () => loadNode(context, id))))
  }
}
