import type { ReadUseCase } from '../access'
import type { ListPage, PageArguments } from '../kernel/page'
import type { Count } from './connection.type'
import type { GraphQLContext } from './context'

/**
 * A page of the list that one object of another page has. The lists of all of them come in one statement, and so do
 * their counts, which are made when they are asked for.
 */
export async function nestedPage<Row>(
  context: GraphQLContext,
  id: string,
  page: PageArguments,
  list: ReadUseCase<{ ids: readonly string[]; page: PageArguments }, Map<string, ListPage<Row>>>,
  counting: ReadUseCase<{ ids: readonly string[] }, Map<string, number>>,
): Promise<{ rows: ListPage<Row>; count: () => Promise<Count> }> {
  const { first, after, last, before } = page
  const name = `${list.name}/${JSON.stringify([first, after, last, before])}`
  const lists = context.loaders.of<ListPage<Row>>(name, (operation, ids) => operation.execute(list, { ids, page }))
  const counts = context.loaders.of<number>(counting.name, (operation, ids) => operation.execute(counting, { ids }))
  const rows = (await lists.load(id))!
  return { rows, count: async () => ({ value: (await counts.load(id)) ?? 0, relation: 'EXACT' }) }
}
