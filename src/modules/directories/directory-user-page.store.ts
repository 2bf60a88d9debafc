import { COUNT_CAP, type CountResult, cappedCount, type Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'
import type { NamedRole } from './directory.store'

/** A person as the identity provider sees them. */
export interface DirectoryUserRow {
  id: string
  directoryId: string
  userName: string
  userNameKey: string
  externalId: string | null
  active: boolean
  memberId: string
  /** The member was there before the directory. */
  isAdopted: boolean
  /** The organization role that a rule gives; null when none does. */
  givenRole: NamedRole | null
  /** The resource as it was sent, without what is computed. */
  attributes: Readonly<Record<string, unknown>>
  createdAt: Date
  /** When something of it last changed. */
  updatedAt: Date
}

/** Which people of a directory; what is null bounds nothing. */
export interface DirectoryUserFilter {
  /** How their user name begins, or a whole address, in comparable form; and as it was typed: a whole external id. */
  search: { key: string; exact: string } | null
  active: boolean | null
}

/** At most `page.size + 1` people of a directory by user name, in walking order. */
export async function listDirectoryUserRows(
  tx: Transaction,
  organizationId: string,
  directoryId: string,
  filter: DirectoryUserFilter,
  page: Page,
): Promise<DirectoryUserRow[]> {
  const bound = new Bound([organizationId, directoryId, page.size + 1], filter)
  const [order, beyond] = page.direction === 'forwards' ? (['ASC', '>'] as const) : (['DESC', '<'] as const)
  if (page.cursor) bound.add('on', `u.user_name_key ${beyond} ${bound.bind(page.cursor[0])}`)
  const found = bound.candidates(`ORDER BY u.user_name_key ${order} LIMIT $3`)
  const name = `list-directory-users-${order.toLowerCase()}${bound.name}`
  const text = `${USERS} WHERE u.organization_id = $1 AND u.directory_id = $2 AND ${found}
ORDER BY u.user_name_key ${order} LIMIT $3`
  return tx.query<DirectoryUserRow>({ name, text }, bound.values)
}

/** How many people of a directory match; counting stops at 10,000. */
export async function countDirectoryUserRows(
  tx: Transaction,
  organizationId: string,
  directoryId: string,
  filter: DirectoryUserFilter,
): Promise<CountResult> {
  const bound = new Bound([organizationId, directoryId, COUNT_CAP + 1], filter)
  const found = bound.candidates('LIMIT $3')
  const name = `count-directory-users${bound.name}`
  const text = `
SELECT count(*)::int AS n FROM (
  SELECT FROM directory_users u WHERE u.organization_id = $1 AND u.directory_id = $2 AND ${found} LIMIT $3
) AS matching`
  const [row] = await tx.query<{ n: number }>({ name, text }, bound.values)
  return cappedCount(row!.n)
}

/** People of directories by id; ids that name none are left out. */
export async function findDirectoryUsers(
  tx: Transaction,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, DirectoryUserRow>> {
  const rows = await tx.query<DirectoryUserRow>(FIND, [organizationId, ids])
  return new Map(rows.map((row) => [row.id, row]))
}

/** The people behind members, by member; members that no directory provides are left out. */
export async function findDirectoryUsersOfMembers(
  tx: Transaction,
  organizationId: string,
  memberIds: readonly string[],
): Promise<Map<string, DirectoryUserRow>> {
  const rows = await tx.query<DirectoryUserRow>(FIND_OF_MEMBERS, [organizationId, memberIds])
  return new Map(rows.map((row) => [row.memberId, row]))
}

/** At most `page.size + 1` people whom each of these groups names itself, by user name, in walking order. */
export async function listUsersOfGroups(
  tx: Transaction,
  organizationId: string,
  groupIds: readonly string[],
  page: Page,
): Promise<(DirectoryUserRow & { groupId: string })[]> {
  const statement = page.direction === 'forwards' ? OF_GROUPS : OF_GROUPS_BACKWARDS
  return tx.query(statement, [organizationId, groupIds, page.cursor?.[0] ?? null, page.size + 1])
}

/** How many people each of these groups names itself; groups without any are left out. */
export async function countUsersOfGroups(
  tx: Transaction,
  organizationId: string,
  groupIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.query<{ id: string; n: number }>(COUNT_OF_GROUPS, [organizationId, groupIds])
  return new Map(rows.map(({ id, n }) => [id, n]))
}

// Ends the range of texts that begin with a term: no key holds it.
const LAST_CHARACTER = '\u{10FFFF}'

/** Conditions on `directory_users u`: in the text of a statement stands nothing but what was asked for. */
class Bound {
  readonly #conditions: string[] = []
  readonly #search: DirectoryUserFilter['search']
  name = ''

  constructor(
    readonly values: unknown[],
    { search, active }: DirectoryUserFilter,
  ) {
    this.#search = search
    // Written out, not bound: the index of inactive people serves this condition alone.
    if (active !== null) this.add(active ? 'active' : 'inactive', active ? 'u.active' : 'NOT u.active')
  }

  bind(value: unknown): string {
    return `$${this.values.push(value)}`
  }

  add(word: string, condition: string): void {
    this.name += `-${word}`
    this.#conditions.push(condition)
  }

  /** A search looks in three indexes, each of which goes no further than the page does. */
  candidates(limit: string): string {
    const others = ['true', ...this.#conditions].join(' AND ')
    if (this.#search === null) return others
    this.name += '-search'
    const { key, exact } = this.#search
    const [term, last, externalId] = [this.bind(key), this.bind(key + LAST_CHARACTER), this.bind(exact)]
    const own = `u.organization_id = $1 AND u.directory_id = $2 AND ${others}`
    return `u.id IN (
  (SELECT u.id FROM directory_users u WHERE ${own} AND u.user_name_key >= ${term} AND u.user_name_key < ${last} ${limit})
  UNION ALL (SELECT u.id FROM directory_users u WHERE ${own} AND u.external_id = ${externalId} ${limit})
  UNION ALL (
    SELECT u.id FROM directory_user_values v
    JOIN directory_users u ON u.organization_id = v.organization_id AND u.directory_id = v.directory_id AND u.id = v.user_id
    WHERE v.organization_id = $1 AND v.directory_id = $2 AND v.attribute = 'emails' AND v.value_key = ${term} AND ${own} ${limit}
  )
)`
  }
}

const COLUMNS = `
u.id, u.directory_id AS "directoryId", u.user_name AS "userName", u.user_name_key AS "userNameKey", u.external_id AS "externalId",
u.active, u.member_id AS "memberId", u.is_adopted AS "isAdopted", u.doc AS attributes, u.created_at AS "createdAt",
u.updated_at AS "updatedAt", CASE WHEN r.id IS NOT NULL THEN
  jsonb_build_object('id', r.id, 'key', r.key, 'name', r.name, 'description', r.description, 'isSystem', r.is_system)
END AS "givenRole"`
const ROLE = 'LEFT JOIN roles r ON r.organization_id = u.organization_id AND r.id = u.given_role_id'
const USERS = `SELECT ${COLUMNS} FROM directory_users u ${ROLE}`
// Ids are unique by themselves; the key begins with the directory, of which there are few.
const OWN_DIRECTORIES = 'u.directory_id IN (SELECT id FROM directories WHERE organization_id = $1)'
const FIND: Statement = {
  name: 'find-directory-users',
  text: `${USERS} WHERE u.organization_id = $1 AND ${OWN_DIRECTORIES} AND u.id = ANY ($2::uuid[])`,
}
const FIND_OF_MEMBERS: Statement = {
  name: 'find-directory-users-of-members',
  text: `${USERS} WHERE u.organization_id = $1 AND u.member_id = ANY ($2::uuid[])`,
}

function ofGroups(beyond: '<' | '>', way: 'ASC' | 'DESC'): string {
  return `
SELECT g.id AS "groupId", person.* FROM unnest($2::uuid[]) AS wanted(id)
JOIN directory_groups g ON g.organization_id = $1 AND g.id = wanted.id
CROSS JOIN LATERAL (
  SELECT ${COLUMNS} FROM directory_group_members gm
  JOIN directory_users u ON u.organization_id = gm.organization_id AND u.directory_id = gm.directory_id AND u.id = gm.user_id ${ROLE}
  WHERE gm.organization_id = $1 AND gm.directory_id = g.directory_id AND gm.group_id = g.id
    AND ($3::text IS NULL OR u.user_name_key ${beyond} $3)
  ORDER BY u.user_name_key ${way} LIMIT $4
) AS person`
}
const OF_GROUPS: Statement = { name: 'list-users-of-groups', text: ofGroups('>', 'ASC') }
const OF_GROUPS_BACKWARDS: Statement = { name: 'list-users-of-groups-backwards', text: ofGroups('<', 'DESC') }
const COUNT_OF_GROUPS: Statement = {
  name: 'count-users-of-groups',
  text: `
SELECT g.id, (
  SELECT count(*)::int FROM directory_group_members gm
  WHERE gm.organization_id = $1 AND gm.directory_id = g.directory_id AND gm.group_id = g.id
) AS n
FROM directory_groups g WHERE g.organization_id = $1 AND g.id = ANY ($2::uuid[])`,
}
