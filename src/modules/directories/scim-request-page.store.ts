import { smallestIdAt } from '../../kernel/ids'
import type { Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'

/** What a request was about. */
export type ScimResourceType = 'USER' | 'GROUP' | 'OTHER'

/** One request of an identity provider and its answer, without secrets. */
export interface ScimRequestRow {
  id: string
  directoryId: string
  at: Date
  /** As in audit events. */
  requestId: string
  tokenPreview: string | null
  method: string
  /** Below the base URL, with the query. */
  path: string
  status: number
  outcome: string
  scimType: string | null
  detail: string | null
  durationMs: number
  resourceType: ScimResourceType
  directoryUserId: string | null
  directoryGroupId: string | null
  /** The member that was changed. */
  memberId: string | null
  isDryRun: boolean
  /** What was done, or in a rehearsal would have been. */
  changes: readonly { action: string; targets: readonly { type: string; id: string; label?: string }[] }[]
  requestBody: unknown
  responseBody: unknown
  userAgent: string | null
  ip: string | null
}

/** Which requests; what is null bounds nothing. */
export interface ScimRequestFilter {
  onlyErrors: boolean
  methods: readonly string[] | null
  resourceType: ScimResourceType | null
  directoryUserId: string | null
  memberId: string | null
  /** Part of the path or of the detail, without case; within the newest 50,000 that match otherwise. */
  search: string | null
  from: Date | null
  to: Date | null
}

/** At most `page.size + 1` requests of a directory, newest first, in walking order. */
export async function listScimRequestRows(
  tx: Transaction,
  organizationId: string,
  directoryId: string,
  filter: ScimRequestFilter,
  page: Page,
): Promise<ScimRequestRow[]> {
  const { statement, values } = walk(organizationId, directoryId, filter, page)
  return tx.query<ScimRequestRow>(statement, values)
}

/** One request, or null. */
export async function findScimRequest(
  tx: Transaction,
  organizationId: string,
  id: string,
): Promise<ScimRequestRow | null> {
  const [row] = await tx.query<ScimRequestRow>(FIND, [organizationId, id])
  return row ?? null
}

// A search without any other bound reads no more rows than this: it compares texts that no index holds.
const MOST_SEARCHED = 50_000

const COLUMNS = `
q.id, q.directory_id AS "directoryId", q.at, q.request_id AS "requestId", q.token_preview AS "tokenPreview", q.method, q.path,
q.status, q.outcome, q.scim_type AS "scimType", q.detail, q.duration_ms AS "durationMs", q.resource_type AS "resourceType",
q.directory_user_id AS "directoryUserId", q.directory_group_id AS "directoryGroupId", q.member_id AS "memberId",
q.is_dry_run AS "isDryRun", q.changes, q.request_body AS "requestBody", q.response_body AS "responseBody",
q.user_agent AS "userAgent", q.ip`
const FIND: Statement = {
  name: 'find-scim-request',
  text: `
SELECT ${COLUMNS} FROM directories d JOIN scim_requests q ON q.organization_id = $1 AND q.directory_id = d.id AND q.id = $2
WHERE d.organization_id = $1`,
}

/** A statement for each combination of conditions, with nothing in its text but what was asked for. */
function walk(
  organizationId: string,
  directoryId: string,
  filter: ScimRequestFilter,
  page: Page,
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = [organizationId, directoryId, page.size + 1]
  const bind = (value: unknown): string => `$${values.push(value)}`
  const [beyond, order] = page.direction === 'forwards' ? ['<', 'DESC'] : ['>', 'ASC']
  const words: string[] = ['scim-requests', order.toLowerCase()]
  const conditions = ['q.organization_id = $1', 'q.directory_id = $2']
  const add = (word: string, condition: string): void => {
    words.push(word)
    conditions.push(condition)
  }
  // Written out: the index of errors serves this condition alone.
  if (filter.onlyErrors) add('err', 'q.status >= 400')
  if (filter.methods) add('method', `q.method = ANY (${bind(filter.methods)}::text[])`)
  if (filter.resourceType) add('type', `q.resource_type = ${bind(filter.resourceType)}`)
  if (filter.directoryUserId) add('user', `q.directory_user_id = ${bind(filter.directoryUserId)}`)
  if (filter.memberId) add('member', `q.member_id = ${bind(filter.memberId)}`)
  // The id is made of the moment in `at`.
  if (filter.from) add('from', `q.id >= ${bind(smallestIdAt(filter.from.getTime()))}`)
  if (filter.to) add('to', `q.id < ${bind(smallestIdAt(filter.to.getTime() + 1))}`)
  if (page.cursor) add('on', `q.id ${beyond} ${bind(page.cursor[0])}`)
  const rows = (limit: string | number) =>
    `SELECT ${COLUMNS} FROM scim_requests q WHERE ${conditions.join(' AND ')} ORDER BY q.id ${order} LIMIT ${limit}`
  if (filter.search === null) return { statement: { name: words.join('-'), text: rows('$3') }, values }
  const term = bind(filter.search)
  const text = `
SELECT * FROM (${rows(MOST_SEARCHED)}) AS recent
WHERE strpos(lower(path), ${term}) > 0 OR strpos(lower(detail), ${term}) > 0 LIMIT $3`
  return { statement: { name: [...words, 'search'].join('-'), text }, values }
}
