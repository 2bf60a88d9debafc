import {
  type DirectoryGroup,
  type Found,
  type ResourceSearch,
  searchDirectoryGroups,
  searchDirectoryUsers,
} from '../../src/modules/directories'
import type { Sealer } from '../../src/platform/crypto'
import {
  bindFilter,
  GROUP,
  type ListFacts,
  type Page,
  type Projection,
  parseFilter,
  type QueryParameters,
  type ResourceType,
  sortOf,
  USER,
} from '../protocol'
import { Cursors } from './cursors'
import type { DirectoryRequest } from './directory-request'
import { filterSql } from './filter-sql'
import { groupResource } from './group-resource'
import { groupTable } from './group-table'
import { PageBoundaries } from './page-boundaries'
import type { SearchTable } from './search-table'
import { shownResource } from './shown-resource'
import { type Boundary, behind, type SqlSort, sortSql } from './sort-sql'
import { SqlParameters } from './sql-parameters'
import { shownUser } from './user-resource'
import { userTable } from './user-table'

/** One page of resources and what a list response says about it. */
export interface FoundPage {
  /** What the projection shows of each, as JSON text. */
  readonly resources: readonly string[]
  readonly facts: ListFacts
}

/** A query, looked up: everything but which part of the results is wanted. */
interface Query {
  readonly type: ResourceType
  readonly table: SearchTable
  readonly where: string
  readonly values: readonly unknown[]
  readonly isIndexed: boolean
  readonly isRange: boolean
  readonly sort: SqlSort | null
  /** As the client wrote it: what cursors and remembered pages belong to. */
  readonly text: readonly unknown[]
}

/** Where the parameters of a search begin: the organization and the directory come first. */
const FIRST_PARAMETER = 3

/** Looks for resources in the database. One for each process: it remembers where pages begin. */
export class ResourceFinder {
  readonly #boundaries = new PageBoundaries()
  readonly #cursors: Cursors

  constructor(sealer: Sealer) {
    this.#cursors = new Cursors(sealer)
  }

  /**
   * Finds one page.
   *
   * @param unknown  what becomes of attributes that the type does not have, see `bindFilter`
   * @throws ScimError  about filter, order or cursor
   * @throws AppError  COST_EXCEEDED  no index answers it in time
   */
  async find(
    request: DirectoryRequest,
    type: ResourceType,
    parameters: QueryParameters,
    page: Page,
    projection: Projection,
    unknown: 'refuse' | 'unassigned' = 'refuse',
  ): Promise<FoundPage> {
    const query = queryOf(request, type, parameters, unknown)
    return page.kind === 'index'
      ? this.#findByIndex(request, query, page, projection)
      : this.#findByCursor(request, query, page, projection)
  }

  async #findByIndex(
    request: DirectoryRequest,
    query: Query,
    { startIndex, count }: Extract<Page, { kind: 'index' }>,
    projection: Projection,
  ): Promise<FoundPage> {
    const key = JSON.stringify([request.place.directoryId, query.text])
    const boundary = startIndex > 1 ? this.#boundaries.find(key, startIndex) : undefined
    const part = boundary ? { after: boundary, offset: 0 } : { after: null, offset: startIndex - 1 }
    const { rows, total } = await run(request, query, { ...part, limit: count }, projection)
    const last = rows.at(-1)
    if (last && rows.length === count) this.#boundaries.remember(key, startIndex + count, last.boundary)
    return { resources: rows.map(({ text }) => text), facts: { totalResults: total, startIndex } }
  }

  async #findByCursor(
    request: DirectoryRequest,
    query: Query,
    { cursor, count }: Extract<Page, { kind: 'cursor' }>,
    projection: Projection,
  ): Promise<FoundPage> {
    const scope = { directoryId: request.place.directoryId, query: query.text }
    const after = cursor === undefined ? null : this.#cursors.open(scope, cursor, count)
    // One more tells whether this is the last page.
    const { rows, total } = await run(
      request,
      query,
      { after, offset: 0, limit: count === 0 ? 0 : count + 1 },
      projection,
    )
    const shown = rows.slice(0, count)
    const last = shown.at(-1)
    const nextCursor = last && rows.length > count ? this.#cursors.make(scope, last.boundary, count) : undefined
    return {
      resources: shown.map(({ text }) => text),
      facts: { totalResults: total, ...(nextCursor && { nextCursor }) },
    }
  }
}

function queryOf(
  { base }: DirectoryRequest,
  type: ResourceType,
  { filter, sortBy, sortOrder }: QueryParameters,
  unknown: 'refuse' | 'unassigned',
): Query {
  const table = type === USER ? userTable(base) : groupTable(base)
  const parameters = new SqlParameters(FIRST_PARAMETER)
  const condition =
    filter === undefined ? null : filterSql(bindFilter(parseFilter(filter), type, unknown), table, parameters)
  const sort = sortOf(type, sortBy, sortOrder)
  return {
    type,
    table,
    where: condition?.sql ?? 'true',
    values: parameters.values,
    isIndexed: condition?.isIndexed ?? true,
    isRange: condition?.isRange ?? false,
    sort: sort ? sortSql(sort, table) : null,
    text: [type.name, filter ?? null, sortBy?.toLowerCase() ?? null, sort?.descending ?? false],
  }
}

interface FoundRow {
  readonly text: string
  readonly boundary: Boundary
}

async function run(
  request: DirectoryRequest,
  query: Query,
  part: { after: Boundary | null; offset: number; limit: number },
  projection: Projection,
): Promise<{ rows: readonly FoundRow[]; total: number }> {
  const search = searchOf(query, part)
  return query.type === USER ? findUsers(request, search, projection) : findGroups(request, search, projection)
}

function searchOf(
  { table, where, values, isIndexed, isRange, sort }: Query,
  { after, offset, limit }: { after: Boundary | null; offset: number; limit: number },
): ResourceSearch {
  const isOrderCheap = !sort || sort.scalar.isIndexed === true
  return {
    where,
    values,
    sortBy: sort?.scalar.sql ?? null,
    descending: sort?.descending ?? false,
    after: after ? behind(after, sort, table.alias, FIRST_PARAMETER + values.length) : null,
    limit,
    offset,
    isCostly: !isIndexed || !isOrderCheap,
    isRange,
  }
}

async function findUsers(
  { operation, place, base }: DirectoryRequest,
  search: ResourceSearch,
  projection: Projection,
): Promise<{ rows: readonly FoundRow[]; total: number }> {
  const withGroups = projection.wants('groups')
  const found = await operation.execute(searchDirectoryUsers, { ...place, search, withGroups })
  return rowsOf(found, (user) => shownUser(user, base, projection).text)
}

async function findGroups(
  { operation, place, base }: DirectoryRequest,
  search: ResourceSearch,
  projection: Projection,
): Promise<{ rows: readonly FoundRow[]; total: number }> {
  const withMembers = projection.wants('members')
  const found = await operation.execute(searchDirectoryGroups, { ...place, search, withMembers })
  const members = grouped(found.members, ({ groupId }) => groupId)
  return rowsOf(
    found,
    (group: DirectoryGroup) => shownResource(groupResource(group, members.get(group.id), base), projection).text,
  )
}

function rowsOf<Row extends { id: string }>(
  { rows, total }: Found<Row>,
  textOf: (row: Row) => string,
): { rows: readonly FoundRow[]; total: number } {
  return {
    rows: rows.map((row) => ({ text: textOf(row), boundary: { key: row.sortKey, id: row.id } })),
    total,
  }
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}

/** A search for one resource by its UUID. */
export function searchById(type: ResourceType, uuid: string): ResourceSearch {
  const alias = type === GROUP ? 'g' : 'u'
  return {
    where: `${alias}.id = $${FIRST_PARAMETER}::uuid`,
    values: [uuid],
    sortBy: null,
    descending: false,
    after: null,
    limit: 2,
    offset: 0,
    isCostly: false,
    isRange: false,
  }
}
