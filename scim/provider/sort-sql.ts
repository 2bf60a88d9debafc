import type { Sort } from '../protocol'
import { scalarIn } from './filter-sql'
import type { Scalar, SearchTable } from './search-table'
import { SqlParameters } from './sql-parameters'

/** An order as SQL: rows without a value come last ascending and first descending, the id decides among equals. */
export interface SqlSort {
  readonly scalar: Scalar
  readonly descending: boolean
}

/** Where a page goes on: what the row before was ordered by, as text, and its UUID. */
export interface Boundary {
  readonly key: string | null
  readonly id: string
}

/** What `sortKey` of the protocol sorts by, in SQL: of a list the primary element, else the first. */
export function sortSql({ path, descending }: Sort, table: SearchTable): SqlSort {
  const { attribute, sub } = path
  if (!attribute.multiValued) return { scalar: table.scalar(path), descending }
  const first = `(
    SELECT e.value FROM jsonb_array_elements(${table.json(path)}) WITH ORDINALITY AS e(value, place)
    ORDER BY e.value->'primary' = 'true' DESC NULLS LAST, e.place LIMIT 1)`
  if (sub) return { scalar: scalarIn(first, sub), descending }
  return { scalar: { sql: `(${first} #>> '{}') COLLATE "C"`, kind: 'text' }, descending }
}

const TYPES = { text: 'text', boolean: 'boolean', number: 'numeric', instant: 'timestamptz' } as const

/** The condition of the rows behind a boundary. @param first  the number of its first parameter */
export function behind(
  { key, id }: Boundary,
  sort: SqlSort | null,
  alias: string,
  first: number,
): { condition: string; values: readonly unknown[] } {
  const parameters = new SqlParameters(first)
  const condition = conditionOf({ key, sort, parameters }, () => `${alias}.id > ${parameters.add(id, 'uuid')}`)
  return { condition, values: parameters.values }
}

function conditionOf(
  { key, sort, parameters }: { key: string | null; sort: SqlSort | null; parameters: SqlParameters },
  isLater: () => string,
): string {
  if (!sort) return isLater()
  const { descending } = sort
  const { sql, kind, isUnique } = sort.scalar
  if (key === null)
    return descending ? `(${sql} IS NULL AND ${isLater()}) OR ${sql} IS NOT NULL` : `${sql} IS NULL AND ${isLater()}`
  const value = parameters.add(key, TYPES[kind])
  const beyond = `${sql} ${descending ? '<' : '>'} ${value}`
  if (isUnique) return beyond
  const condition = `${beyond} OR (${sql} = ${value} AND ${isLater()})`
  return descending ? condition : `${condition} OR ${sql} IS NULL`
}
