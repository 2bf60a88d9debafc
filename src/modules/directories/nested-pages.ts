import { type ListPage, listPage, type Page, type PageArguments, readPage } from '../../kernel/page'

/** How the rows of the lists of several objects are read and told apart. */
export interface NestedRows<Row> {
  /** At most `page.size + 1` of each list, in walking order. */
  readonly rows: (page: Page) => Promise<Row[]>
  readonly parentOf: (row: Row) => string
  /** The order values of a row, the last of them unique in its list. */
  readonly valuesOf: (row: Row) => readonly string[]
}

/**
 * A page of the list of each of several objects, from one statement; empty for objects without rows.
 * @throws INVALID  a cursor of another kind of list, or a size outside 1..100
 */
export async function nestedPages<Row>(
  binding: string,
  ids: readonly string[],
  page: PageArguments,
  { rows, parentOf, valuesOf }: NestedRows<Row>,
): Promise<Map<string, ListPage<Row>>> {
  const checked = readPage(page, binding)
  const byParent = new Map<string, Row[]>(ids.map((id) => [id, []]))
  for (const row of await rows(checked)) byParent.get(parentOf(row))?.push(row)
  return new Map([...byParent].map(([id, own]) => [id, listPage(own, checked, binding, valuesOf)]))
}
