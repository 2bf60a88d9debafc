import { createHash } from 'node:crypto'
import type { Proven } from '../../access'
import { AppError } from '../../kernel/errors'
import { isStatementTimeout, type Statement, type Transaction } from '../../platform/database'
import { type Asker, actorOf, asker } from './directory-actor.store'
import type { DirectoryGroup } from './directory-group.model'
import { DIRECTORY_GROUP_COLUMNS } from './directory-group.store'
import type { DirectoryUser, FoundUser } from './directory-user.model'
import { DIRECTORY_USER_COLUMNS, type InDirectory } from './directory-user.store'
import { ARE_GROUPS_NESTED, DIRECT_GROUPS, type DirectGroups, withAllGroups } from './user-groups.store'

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
  /** It compares by order: how many rows lie within depends on the values, and so does the plan. */
  readonly isRange: boolean
}

/** Rows in order, each with what it was ordered by, and how many match on all pages. */
export interface Found<Row> {
  readonly rows: readonly (Row & { readonly sortKey: string | null })[]
  readonly total: number
}

/** Looks for people, for whoever holds the token with this hash. @throws COST_EXCEEDED  it takes too long */
export async function searchUserRows(
  tx: Transaction,
  place: InDirectory,
  tokenHash: Buffer,
  search: ResourceSearch,
  withGroups: boolean,
): Promise<Proven<Found<FoundUser>>> {
  if (!withGroups) return find<FoundUser>(tx, place, tokenHash, search, USERS)
  const { actor, output } = await find<DirectoryUser & DirectGroups>(tx, place, tokenHash, search, USERS_WITH_GROUPS)
  return { actor, output: { ...output, rows: await withAllGroups(tx, place, output.rows) } }
}

/** Looks for groups, for whoever holds the token with this hash. @throws COST_EXCEEDED  it takes too long */
export function searchGroupRows(
  tx: Transaction,
  place: InDirectory,
  tokenHash: Buffer,
  search: ResourceSearch,
): Promise<Proven<Found<DirectoryGroup>>> {
  return find<DirectoryGroup>(tx, place, tokenHash, search, GROUPS)
}

/** What is searched. */
interface Table {
  readonly from: string
  readonly alias: 'u' | 'g'
  readonly columns: string
  /** Of `directory_counters`. */
  readonly counter: string
  /** A further column, worked out for what is on the page and for nothing that is passed over. */
  readonly ofEach?: string
}

const USERS: Table = { from: 'directory_users u', alias: 'u', columns: DIRECTORY_USER_COLUMNS, counter: 'users' }
const USERS_WITH_GROUPS: Table = { ...USERS, ofEach: `${DIRECT_GROUPS}, ${ARE_GROUPS_NESTED}` }
const GROUPS: Table = { from: 'directory_groups g', alias: 'g', columns: DIRECTORY_GROUP_COLUMNS, counter: 'groups' }
const EVERYTHING = 'true'

/** A row of the answer: who asks, how many there are of all where that is counted, and one that was found, if any. */
type AskedRow<Row> = Asker & { readonly total: number | null } & (
    | (Row & { readonly sortKey: string | null })
    | { readonly id: null }
  )

async function find<Row extends { readonly id: string }>(
  tx: Transaction,
  place: InDirectory,
  tokenHash: Buffer,
  search: ResourceSearch,
  table: Table,
): Promise<Proven<Found<Row>>> {
  try {
    const answer = await page<Row>(tx, place, tokenHash, search, table)
    const [first] = answer
    if (!first) return { actor: null, output: { rows: [], total: 0 } }
    const rows = answer.filter((row) => row.id !== null) as (Row & { sortKey: string | null })[]
    const isWhole = search.limit > rows.length && search.offset === 0 && search.after === null
    const total = isWhole ? rows.length : (first.total ?? (await count(tx, place, search, table)))
    return { actor: actorOf(place, first), output: { rows, total } }
  } catch (error) {
    if (!isStatementTimeout(error)) throw error
    throw new AppError(
      'COST_EXCEEDED',
      'This takes too long. Filter by userName, externalId, id or an e-mail address, or sort by userName.',
    )
  }
}

// The one who asks comes first in the join, so that what is found stays in its order: a LEFT JOIN without a condition is a
// nested loop. LIMIT stands in the text, since the plan that is kept depends on it; clients always ask for the same.
function page<Row>(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  tokenHash: Buffer,
  search: ResourceSearch,
  table: Table,
): Promise<AskedRow<Row>[]> {
  const { where, values, sortBy, descending, after, limit, offset } = search
  const { from, alias, columns, ofEach } = table
  const all = [organizationId, directoryId, ...values, ...(after?.values ?? []), tokenHash]
  const token = `$${all.length}`
  if (offset > 0) all.push(offset)
  const order = sortBy ? `${sortBy} ${descending ? 'DESC NULLS FIRST' : 'ASC NULLS LAST'}, ` : ''
  const rows = `
  SELECT ${columns}, (${sortBy ?? 'NULL::text'})::text AS "sortKey" FROM ${from}
  WHERE ${alias}.organization_id = $1 AND ${alias}.directory_id = $2 AND (${where})${after ? ` AND (${after.condition})` : ''}
  ORDER BY ${order}${alias}.id LIMIT ${limit}${offset > 0 ? ` OFFSET $${all.length}::bigint` : ''}`
  const text = `
WITH asker AS MATERIALIZED (${asker(token)})
SELECT asker.*, ${where === EVERYTHING ? countOfAll(table) : 'NULL::int'} AS total, found.*
FROM asker LEFT JOIN LATERAL (${ofEach ? `SELECT ${alias}.*, ${ofEach} FROM (${rows}) AS ${alias}` : rows}) AS found ON true`
  return tx.query(statementOf(text, search), all)
}

const countOfAll = ({ counter }: Table): string =>
  `(SELECT sum(c.${counter})::int FROM directory_counters c WHERE c.organization_id = $1 AND c.directory_id = $2)`

async function count(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  search: ResourceSearch,
  { from, alias }: Table,
): Promise<number> {
  const text = `
SELECT count(*)::int AS n FROM ${from}
WHERE ${alias}.organization_id = $1 AND ${alias}.directory_id = $2 AND (${search.where})`
  const [row] = await tx.query<{ n: number }>(statementOf(text, search), [
    organizationId,
    directoryId,
    ...search.values,
  ])
  return row!.n
}

const MOST_NAMED = 100
const named = new Map<string, Statement>()

/**
 * The first texts that come are prepared once per connection: identity providers ask the same few things. What comes
 * later is prepared each time, so that made-up filters do not fill the database's memory.
 */
function statementOf(text: string, search: ResourceSearch): Statement {
  const { isCostly, isRange } = search
  const known = named.get(text)
  if (known) return known
  // Which plan is best depends on what is asked for where no index answers, and on how much lies within a range.
  const demands: Pick<Statement, 'isCostly' | 'keepsPlan' | 'sharesTrip'> = isCostly
    ? { isCostly }
    : { ...(!isRange && { keepsPlan: true }), ...(findsLittle(search) && { sharesTrip: true }) }
  if (isRange || named.size >= MOST_NAMED) return { name: '', text, ...demands }
  const name = `search-directory-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
  const statement = { name, text, ...demands }
  named.set(text, statement)
  return statement
}

/** What is equal to a value by an index, where that is not looked through page by page. */
function findsLittle({ where, isRange, offset, after }: ResourceSearch): boolean {
  return where !== EVERYTHING && !isRange && offset === 0 && after === null
}
