import { createHash } from 'node:crypto'
import { AppError } from '../../kernel/errors'
import { isStatementTimeout, type Statement, type Transaction } from '../../platform/database'
import type { DirectoryGroup } from './directory-group.model'
import { DIRECTORY_GROUP_COLUMNS } from './directory-group.store'
import type { DirectoryUser } from './directory-user.model'
import { DIRECTORY_USER_COLUMNS, type InDirectory } from './directory-user.store'

/**
 * What is looked for, as SQL that scim/provider makes of a bound filter: texts over `u` (directory_users) or `g`
 * (directory_groups), in which everything that a client wrote is a parameter, numbered from `$3`.
 */
export interface ResourceSearch {
  /** `true` for everybody. */
  readonly where: string
  /** The parameters of `where`. */
  readonly values: readonly unknown[]
  /** What rows are ordered by before their id, as one expression; null: by id alone. */
  readonly sortBy: string | null
  readonly descending: boolean
  /** Goes on behind this row; its parameters follow those of `where`. */
  readonly after: { readonly condition: string; readonly values: readonly unknown[] } | null
  readonly limit: number
  readonly offset: number
  /** No index answers it: it gets less time, and a refusal instead of a slow answer. */
  readonly isCostly: boolean
}

/** Rows in order, each with what it was ordered by, and how many match on all pages. */
export interface Found<Row> {
  readonly rows: readonly (Row & { readonly sortKey: string | null })[]
  readonly total: number
}

/** Looks for people. @throws COST_EXCEEDED  it takes too long */
export function searchUserRows(
  tx: Transaction,
  place: InDirectory,
  search: ResourceSearch,
): Promise<Found<DirectoryUser>> {
  return find<DirectoryUser>(tx, place, search, USERS)
}

/** Looks for groups. @throws COST_EXCEEDED  it takes too long */
export function searchGroupRows(
  tx: Transaction,
  place: InDirectory,
  search: ResourceSearch,
): Promise<Found<DirectoryGroup>> {
  return find<DirectoryGroup>(tx, place, search, GROUPS)
}

const USERS = { from: 'directory_users u', alias: 'u', columns: DIRECTORY_USER_COLUMNS, counter: 'users' }
const GROUPS = { from: 'directory_groups g', alias: 'g', columns: DIRECTORY_GROUP_COLUMNS, counter: 'groups' }
const EVERYTHING = 'true'

async function find<Row>(
  tx: Transaction,
  place: InDirectory,
  search: ResourceSearch,
  table: typeof USERS,
): Promise<Found<Row>> {
  try {
    if (search.isCostly) await Promise.all([tx.execute(TAKES_SHORT), tx.execute(WITHOUT_JIT)])
    const rows = search.limit > 0 ? await page<Row>(tx, place, search, table) : []
    const isWhole = search.limit > rows.length && search.offset === 0 && search.after === null
    return { rows, total: isWhole ? rows.length : await count(tx, place, search, table) }
  } catch (error) {
    if (!isStatementTimeout(error)) throw error
    throw new AppError(
      'COST_EXCEEDED',
      'This takes too long. Filter by userName, externalId, id or an e-mail address, or sort by userName.',
    )
  }
}

function page<Row>(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  { where, values, sortBy, descending, after, limit, offset }: ResourceSearch,
  { from, alias, columns }: typeof USERS,
): Promise<(Row & { sortKey: string | null })[]> {
  const all = [organizationId, directoryId, ...values, ...(after?.values ?? []), limit, offset]
  const key = sortBy ?? 'NULL::text'
  const order = sortBy ? `${sortBy} ${descending ? 'DESC NULLS FIRST' : 'ASC NULLS LAST'}, ` : ''
  return tx.query(
    statementOf(`
SELECT ${columns}, (${key})::text AS "sortKey" FROM ${from}
WHERE ${alias}.organization_id = $1 AND ${alias}.directory_id = $2 AND (${where})${after ? ` AND (${after.condition})` : ''}
ORDER BY ${order}${alias}.id LIMIT $${all.length - 1}::bigint OFFSET $${all.length}::bigint`),
    all,
  )
}

async function count(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  { where, values }: ResourceSearch,
  { from, alias, counter }: typeof USERS,
): Promise<number> {
  const text =
    where === EVERYTHING
      ? `SELECT sum(c.${counter})::int AS n FROM directory_counters c WHERE c.organization_id = $1 AND c.directory_id = $2`
      : `
SELECT count(*)::int AS n FROM ${from}
WHERE ${alias}.organization_id = $1 AND ${alias}.directory_id = $2 AND (${where})`
  const [row] = await tx.query<{ n: number }>(statementOf(text), [organizationId, directoryId, ...values])
  return row!.n
}

const MOST_NAMED = 100
const named = new Map<string, Statement>()

/**
 * The first texts that come are prepared once per connection: identity providers ask the same few things. What comes
 * later is prepared each time, so that made-up filters do not fill the database's memory.
 */
function statementOf(text: string): Statement {
  const known = named.get(text)
  if (known) return known
  if (named.size >= MOST_NAMED) return { name: '', text }
  const statement = { name: `search-directory-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`, text }
  named.set(text, statement)
  return statement
}

const TAKES_SHORT: Statement = { name: 'search-directory-takes-short', text: `SET LOCAL statement_timeout TO '4s'` }
const WITHOUT_JIT: Statement = { name: 'search-directory-without-jit', text: 'SET LOCAL jit TO off' }
