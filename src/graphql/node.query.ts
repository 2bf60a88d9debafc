import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql'
import { AppError } from '../kernel/errors'
import { parseTypeId } from '../kernel/ids'
import type { GraphQLContext } from './context'
import { nullWhenForbidden, nullWhenNotFound } from './guard'
import { Node, nodeLoader } from './node'

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

async function loadNode(context: GraphQLContext, id: string): Promise<Node | null> {
  const parsed = parseTypeId(id)
  const loader = parsed && nodeLoader(parsed.type)
  return loader ? nullWhenNotFound(() => loader(context, parsed.uuid)) : null
}
