import { createHash } from 'node:crypto'
import type { Proven } from '../../access'
import { AppError } from '../../kernel/errors'
import { isStatementTimeout, type Statement, type Transaction } from '../../platform/database'
import { type Asker, actorOf, asker } from './directory-actor.store'
import type { DirectoryGroup } from './directory-group.model'
import { DIRECTORY_GROUP_COLUMNS } from './directory-group.store'
import type { GroupOfUser, ShownUser } from './directory-user.model'
import { type InDirectory, SHOWN_USER_COLUMNS } from './directory-user.store'
import {
  ARE_GROUPS_NESTED,
  findGroupsOfUsers,
  GROUPS_ON_PAGE,
  type GroupOnPage,
  withGroupsOf,
} from './user-groups.store'

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
): Promise<Proven<Found<ShownUser>>> {
  const table = withGroups ? USERS_WITH_GROUPS : USERS
  const { actor, output } = await find<ShownUser>(tx, place, tokenHash, search, table)
  if (!withGroups) return { actor, output }
  const { rows, total, areGroupsNested } = output
  const userIds = rows.map(({ id }) => id)
  const groups = areGroupsNested ? await findGroupsOfUsers(tx, place, userIds) : output.groups
  return { actor, output: { rows: withGroupsOf(rows, groups), total } }
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
  /** Also finds the groups of those on the page. */
  readonly withGroups?: true
}

const USERS: Table = { from: 'directory_users u', alias: 'u', columns: SHOWN_USER_COLUMNS, counter: 'users' }
const USERS_WITH_GROUPS: Table = { ...USERS, withGroups: true }
const GROUPS: Table = { from: 'directory_groups g', alias: 'g', columns: DIRECTORY_GROUP_COLUMNS, counter: 'groups' }
const EVERYTHING = 'true'

/** Who asks, and what is true of all that may be found. */
interface Head extends Asker {
  /** Null where it is not kept, and must be counted. */
  readonly total: number | null
  /** Null where groups are not wanted. */
  readonly areGroupsNested: boolean | null
}

/** What was found. `groups`, by name, are those that name somebody on the page; none where they are not wanted. */
interface Page<Row> {
  readonly rows: Found<Row>['rows']
  readonly groups: readonly GroupOfUser[]
}

async function find<Row extends { readonly id: string }>(
  tx: Transaction,
  place: InDirectory,
  tokenHash: Buffer,
  search: ResourceSearch,
  table: Table,
): Promise<Proven<Found<Row> & Pick<Page<Row>, 'groups'> & Pick<Head, 'areGroupsNested'>>> {
  try {
    const { head, rows, groups } = await ask<Row>(tx, place, tokenHash, search, table)
    if (!head) return { actor: null, output: { rows, groups, total: 0, areGroupsNested: null } }
    const { areGroupsNested } = head
    const isWhole = search.limit > rows.length && search.offset === 0 && search.after === null
    const total = isWhole ? rows.length : (head.total ?? (await count(tx, place, search, table)))
    return { actor: actorOf(place, head), output: { rows, groups, total, areGroupsNested } }
  } catch (error) {
    if (!isStatementTimeout(error)) throw error
    throw new AppError(
      'COST_EXCEEDED',
      'This takes too long. Filter by userName, externalId, id or an e-mail address, or sort by userName.',
    )
  }
}

/** A row of an answer; the columns of what it is not are null. */
type AnswerRow<Row> = Nullable<Head & Found<Row>['rows'][number] & GroupOnPage>

type Nullable<Row> = { readonly [Name in keyof Row]: Row[Name] | null }

// The parts are answered one after the other; a join ON false fills columns with NULL. Who asks comes first in the join of
// the page, so that nothing is looked for in the name of nobody, and what is found stays in its order: a LEFT JOIN without a
// condition is a nested loop. LIMIT stands in the text, since the plan that is kept depends on it; clients always ask for
// the same.
async function ask<Row extends { readonly id: string }>(
  tx: Transaction,
  { organizationId, directoryId }: InDirectory,
  tokenHash: Buffer,
  search: ResourceSearch,
  table: Table,
): Promise<Page<Row> & { readonly head: Head | null }> {
  const { where, values, sortBy, descending, after, limit, offset } = search
  const { from, alias, columns, withGroups } = table
  const all = [organizationId, directoryId, ...values, ...(after?.values ?? []), tokenHash]
  const token = `$${all.length}`
  if (offset > 0) all.push(offset)
  const order = sortBy ? `${sortBy} ${descending ? 'DESC NULLS FIRST' : 'ASC NULLS LAST'}, ` : ''
  const rows = `
  SELECT ${columns}, (${sortBy ?? 'NULL::text'})::text AS "sortKey" FROM ${from}
  WHERE ${alias}.organization_id = $1 AND ${alias}.directory_id = $2 AND (${where})${after ? ` AND (${after.condition})` : ''}
  ORDER BY ${order}${alias}.id LIMIT ${limit}${offset > 0 ? ` OFFSET $${all.length}::bigint` : ''}`
  const total = where === EVERYTHING ? countOfAll(table) : 'NULL::int'
  const areGroupsNested = withGroups ? ARE_GROUPS_NESTED : 'NULL AS "areGroupsNested"'
  const parts = [
    `SELECT asker.*, ${total} AS total, ${areGroupsNested}, page.*, ${NO_GROUP} FROM asker LEFT JOIN page ON false`,
    `SELECT ${NO_HEAD}, page.*, ${NO_GROUP} FROM page`,
    ...(withGroups ? [`SELECT ${NO_HEAD}, page.*, of.* FROM (${GROUPS_ON_PAGE}) AS of LEFT JOIN page ON false`] : []),
  ]
  const text = `
WITH asker AS MATERIALIZED (${asker(token)}),
page AS MATERIALIZED (SELECT found.* FROM asker LEFT JOIN LATERAL (${rows}) AS found ON true)
${parts.join('\nUNION ALL\n')}`
  return partsOf(await tx.query<AnswerRow<Row>>(statementOf(text, search), all))
}

// Of the seven columns of `Head`.
const NO_HEAD = 'NULL, NULL, NULL, NULL, NULL, NULL, NULL'
const NO_GROUP = 'NULL::uuid AS "userId", NULL::uuid AS "groupId", NULL::text AS "groupName"'

function partsOf<Row extends { readonly id: string }>(answer: readonly AnswerRow<Row>[]) {
  const [head = null] = answer as readonly Head[]
  const rows: Found<Row>['rows'][number][] = []
  const groups: GroupOfUser[] = []
  for (const row of answer) {
    if (row.id) rows.push(row as Found<Row>['rows'][number])
    else if (row.userId)
      groups.push({ userId: row.userId, id: row.groupId!, displayName: row.groupName!, isDirect: true })
  }
  return { head, rows, groups }
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
