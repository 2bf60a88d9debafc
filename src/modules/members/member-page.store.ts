import { SYSTEM_ROLES } from '../../access'
import { AppError } from '../../kernel/errors'
import { isUuid } from '../../kernel/ids'
import { COUNT_CAP, type CountResult, cappedCount, type Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'
import { isLive } from '../projects'
import type { MemberSource, MemberStatus } from './member.entity'
import type { MemberFilter, MemberOrder, MemberOrderField } from './member-filter.model'

/** A member as lists show it, with its role and the person behind it. */
export interface MemberRow {
  id: string
  organizationId: string
  email: string
  name: string
  avatarUrl: string | null
  status: MemberStatus
  source: MemberSource
  suspensionReason: string | null
  joinedAt: Date | null
  suspendedAt: Date | null
  lastActiveAt: Date | null
  version: number
  roleId: string
  roleKey: string
  roleName: string
  roleDescription: string | null
  roleIsSystem: boolean
  userId: string | null
  userName: string | null
  userAvatarUrl: string | null
}

// Up to so many members that a term matches are looked up by the index of the search and then sorted. When there are
// more, the list is walked in its own order and compared on the way: a page is full after a few of its own lengths.
const FEW_MATCHES = 2_000

const COLUMNS = `
m.id, m.organization_id AS "organizationId", m.email, m.name, m.avatar_url AS "avatarUrl", m.status, m.source,
m.suspension_reason AS "suspensionReason", m.joined_at AS "joinedAt", m.suspended_at AS "suspendedAt",
m.last_active_at AS "lastActiveAt", m.version, m.role_id AS "roleId", r.key AS "roleKey", r.name AS "roleName",
r.description AS "roleDescription", r.is_system AS "roleIsSystem", m.user_id AS "userId", u.name AS "userName",
u.avatar_url AS "userAvatarUrl"`

const JOINS = `
JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
LEFT JOIN users u ON u.id = m.user_id`

// Each is the expression of an index. Who has not joined stands after everybody who has, who was never active before
// everybody who was.
const ORDERS: Record<MemberOrderField, { expression: string; type: string; valueOf: (row: MemberRow) => string }> = {
  JOINED_AT: {
    expression: `(CASE WHEN m.joined_at IS NULL THEN 'infinity' ELSE m.joined_at END)`,
    type: 'timestamptz',
    valueOf: (row) => row.joinedAt?.toISOString() ?? 'infinity',
  },
  NAME: { expression: 'm.name', type: 'text', valueOf: (row) => row.name },
  EMAIL: { expression: 'm.email', type: 'text', valueOf: (row) => row.email },
  LAST_ACTIVE_AT: {
    expression: `(CASE WHEN m.last_active_at IS NULL THEN '-infinity' ELSE m.last_active_at END)`,
    type: 'timestamptz',
    valueOf: (row) => row.lastActiveAt?.toISOString() ?? '-infinity',
  },
}

/** What the cursor of a member is made of, in a list with this order. */
export function cursorValuesOf(order: MemberOrder): (row: MemberRow) => string[] {
  return (row) => [ORDERS[order.field].valueOf(row), row.id]
}

/** One row more than the page, in walking order, in one statement. */
export async function findMemberPage(
  tx: Transaction,
  organizationId: string,
  filter: MemberFilter,
  order: MemberOrder,
  page: Page,
): Promise<MemberRow[]> {
  const { expression, type } = ORDERS[order.field]
  const where = new Where(organizationId, filter, await findMatches(tx, filter, FEW_MATCHES))
  const ascending = (order.direction === 'ASC') === (page.direction === 'forwards')
  if (page.cursor) where.continueAfter(expression, type, ascending, checkCursor(page.cursor, type))
  const way = ascending ? 'ASC' : 'DESC'
  const limit = where.bind(page.size + 1)
  return tx.query<MemberRow>(
    {
      name: `members-${order.field.toLowerCase()}-${way.toLowerCase()}-${where.name}`,
      text: `SELECT ${COLUMNS} FROM members m ${JOINS} WHERE ${where.text}
ORDER BY ${expression} ${way}, m.id ${way} LIMIT ${limit}`,
    },
    where.values,
  )
}

/** How many members match; counting stops at COUNT_CAP. */
export async function countMatchingMembers(
  tx: Transaction,
  organizationId: string,
  filter: MemberFilter,
): Promise<CountResult> {
  const matches = await findMatches(tx, filter, COUNT_CAP)
  if (matches === 'more' && Object.keys(filter).length === 1) return cappedCount(COUNT_CAP + 1)
  const where = new Where(organizationId, filter, matches)
  const limit = where.bind(COUNT_CAP + 1)
  // In an order, a walk stays within the organization: without one, PostgreSQL would begin anywhere in the table.
  const order = filter.search && typeof matches === 'string' ? 'ORDER BY m.id' : ''
  const [row] = await tx.query<{ n: number }>(
    {
      name: `count-members-${where.name}`,
      text: `SELECT count(*)::int AS n FROM (SELECT 1 FROM members m WHERE ${where.text} ${order} LIMIT ${limit}) AS matching`,
    },
    where.values,
  )
  return cappedCount(row?.n ?? 0)
}

/** The ids of at most `limit` matching members, in the order of their ids. */
export async function findMatchingMemberIds(
  tx: Transaction,
  organizationId: string,
  filter: MemberFilter,
  excludeIds: readonly string[],
  limit: number,
): Promise<string[]> {
  const where = new Where(organizationId, filter, await findMatches(tx, filter, FEW_MATCHES))
  const excluded = where.bind(excludeIds)
  const bound = where.bind(limit)
  const rows = await tx.query<{ id: string }>(
    {
      name: `member-ids-${where.name}`,
      text: `SELECT m.id FROM members m WHERE ${where.text} AND m.id <> ALL(${excluded}::uuid[]) ORDER BY m.id LIMIT ${bound}`,
    },
    where.values,
  )
  return rows.map((row) => row.id)
}

/** Members by id, removed ones too. */
export async function findMembers(
  tx: Transaction,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, MemberRow>> {
  const rows = await tx.query<MemberRow>(FIND_MEMBERS, [organizationId, ids])
  return new Map(rows.map((row) => [row.id, row]))
}

const FIND_MEMBERS: Statement = {
  name: 'find-members',
  text: `SELECT ${COLUMNS} FROM members m ${JOINS} WHERE m.organization_id = $1 AND m.id = ANY($2::uuid[])`,
}

/** What a search term matches: these members; more of them than was asked for; or so many that nobody counted. */
type Matches = readonly string[] | 'more' | 'uncounted'

/** The members that the search term of a filter matches, at most `few`. Without a term: 'uncounted'. */
async function findMatches(tx: Transaction, filter: MemberFilter, few: number): Promise<Matches> {
  if (!filter.search) return 'uncounted'
  const [row] = await tx.query<{ ids: string[] | null }>(SEARCH, [filter.search, includesRemoved(filter), few + 1])
  if (!row?.ids) return 'uncounted'
  return row.ids.length > few ? 'more' : row.ids
}

const SEARCH: Statement = { name: 'search-members', text: 'SELECT search_members($1, $2, $3) AS ids' }

function includesRemoved({ status }: MemberFilter): boolean {
  return status?.includes('REMOVED') ?? false
}

/**
 * The condition of a list. Only the conditions asked for are in its text, so that each combination has a plan of its
 * own; what came in is always bound. `name` says which conditions it has.
 */
class Where {
  readonly values: unknown[]
  readonly #conditions = ['m.organization_id = $1']
  #name = ''

  constructor(organizationId: string, filter: MemberFilter, matches: Matches) {
    this.values = [organizationId]
    const withRemoved = includesRemoved(filter)
    if (!withRemoved) this.#add('', `m.status <> 'REMOVED'`)
    if (filter.status) this.#add(withRemoved ? 'r' : 't', `m.status = ANY(${this.bind(filter.status)}::text[])`)
    if (typeof matches !== 'string') this.#add('s', `m.id = ANY(${this.bind(matches)}::uuid[])`)
    else if (filter.search)
      // Not LIKE: of a long pattern PostgreSQL expects so few matches that it would rather sort everybody than walk.
      this.#add('w', `strpos(lower(m.name || ' ' || m.email), lower(${this.bind(filter.search)})) > 0`)
    if (filter.roleIds) this.#add('o', `m.role_id = ANY(${this.bind(filter.roleIds)}::uuid[])`)
    if (filter.projectId)
      this.#add(
        'p',
        `m.id IN (SELECT g.member_id FROM project_grants g
 WHERE g.organization_id = $1 AND g.project_id = ${this.bind(filter.projectId)} AND ${isLive('g')})`,
      )
    if (filter.teamId)
      this.#add(
        'g',
        `m.id IN (SELECT tm.member_id FROM team_members tm
 WHERE tm.organization_id = $1 AND tm.team_id = ${this.bind(filter.teamId)})`,
      )
    if (filter.source) this.#add('c', `m.source = ANY(${this.bind(filter.source)}::text[])`)
    if (filter.emailDomain) this.#add('d', `m.email_domain = ${this.bind(filter.emailDomain)}`)
    if (filter.lastActiveBefore)
      this.#add('l', `${ORDERS.LAST_ACTIVE_AT.expression} < ${this.bind(filter.lastActiveBefore)}::timestamptz`)
    if (filter.isAdmin != null)
      this.#add(filter.isAdmin ? 'a' : 'n', `m.role_id ${filter.isAdmin ? '=' : '<>'} (${ADMIN_ROLE})`)
  }

  get text(): string {
    return this.#conditions.join(' AND ')
  }

  get name(): string {
    return this.#name || 'all'
  }

  bind(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }

  continueAfter(expression: string, type: string, ascending: boolean, cursor: readonly [string, string]): void {
    const [value, id] = [this.bind(cursor[0]), this.bind(cursor[1])]
    this.#add('-after', `(${expression}, m.id) ${ascending ? '>' : '<'} (${value}::${type}, ${id}::uuid)`)
  }

  #add(letter: string, condition: string): void {
    this.#name += letter
    this.#conditions.push(condition)
  }
}

const ADMIN_ROLE = `SELECT a.id FROM roles a
 WHERE a.organization_id = $1 AND a.scope = 'ORGANIZATION' AND a.key = '${SYSTEM_ROLES.ADMIN.key}'`

function checkCursor([value, id]: readonly string[], type: string): readonly [string, string] {
  const isValue = value !== undefined && (type === 'text' || INFINITE.test(value) || !Number.isNaN(Date.parse(value)))
  if (isValue && id !== undefined && isUuid(id)) return [value, id]
  throw new AppError('INVALID', 'This cursor is damaged; begin again without it.')
}

const INFINITE = /^-?infinity$/
