import type { Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'
import { type ProjectViewer, VISIBLE_PROJECT_IDS, viewerValues } from '../projects'
import type { ApiKeyStatus } from './api-key.model'
import { type ApiKeyRow, apiKeyRowsOf, isLiveKey } from './api-key.store'

/** Which keys a list holds; what is null bounds nothing. */
export interface ApiKeyFilter {
  /** Keys of this project and of its service accounts, without personal ones. */
  projectId: string | null
  owner: { kind: 'MEMBER' | 'SERVICE_ACCOUNT' | 'PROJECT'; id: string } | null
  /** Part of the name. */
  search: string | null
  status: readonly ApiKeyStatus[]
  /** Not used since then, nor made. */
  unusedSince: Date | null
  /** With an end before that. */
  expiresBefore: Date | null
}

/**
 * One page of keys, latest first: personal ones, and those that work in projects which the viewer sees.
 * @returns  at most `page.size + 1` rows in walking order
 */
export async function listApiKeyRows(
  tx: Transaction,
  organizationId: string,
  viewer: ProjectViewer,
  filter: ApiKeyFilter,
  page: Page,
): Promise<ApiKeyRow[]> {
  const matching = conditionsOf(filter, [organizationId, ...viewerValues(viewer)])
  const { name, conditions, values } = matching
  const isForwards = page.direction === 'forwards'
  if (page.cursor) conditions.push(`k.id ${isForwards ? '<' : '>'} $${values.push(page.cursor[0])}`)
  const order = `ORDER BY k.id ${isForwards ? 'DESC' : 'ASC'}`
  // The page first, and only then what its rows lead to: a filter that few keys pass looks at many.
  const matches = `SELECT k.* FROM api_keys k WHERE k.organization_id = $1 AND ${conditions.join(' AND ')} ${order}`
  const text = `${apiKeyRowsOf(`(${matches} LIMIT $${values.push(page.size + 1)}) AS k`)} ${order}`
  return tx.query({ name: `list-api-keys-${name}${page.cursor ? '-on' : ''}-${page.direction}`, text }, values)
}

/** How many match, counting at most `cap`. */
export async function countApiKeyRows(
  tx: Transaction,
  organizationId: string,
  viewer: ProjectViewer,
  filter: ApiKeyFilter,
  cap: number,
): Promise<number> {
  const { name, conditions, values } = conditionsOf(filter, [organizationId, ...viewerValues(viewer)])
  const text = `
SELECT count(*)::int AS n FROM (
  SELECT FROM api_keys k WHERE k.organization_id = $1 AND ${conditions.join(' AND ')} LIMIT $${values.push(cap)}
) AS matching`
  const [row] = await tx.query<{ n: number }>({ name: `count-api-keys-${name}`, text }, values)
  return row!.n
}

const OWNED_BY = { MEMBER: 'k.member_id', SERVICE_ACCOUNT: 'k.service_account_id', PROJECT: 'k.project_id' } as const
const HAS_STATUS: Record<ApiKeyStatus, string> = {
  ACTIVE: isLiveKey('k'),
  EXPIRED: '(k.revoked_at IS NULL AND k.expires_at <= now())',
  REVOKED: 'k.revoked_at IS NOT NULL',
}

/**
 * A statement for each combination, with nothing in its text but what was asked for, so that each is planned for itself.
 * The words of its name are short: PostgreSQL tells prepared statements apart by 63 characters.
 */
function conditionsOf(
  filter: ApiKeyFilter,
  values: unknown[],
): { name: Statement['name']; conditions: string[]; values: unknown[] } {
  const bind = (value: unknown): string => `$${values.push(value)}`
  const conditions = [`(k.owner_kind = 'MEMBER' OR k.project_id IN (${VISIBLE_PROJECT_IDS}))`]
  const words: string[] = []
  const add = (word: string, ...texts: string[]): void => {
    words.push(word)
    conditions.push(...texts)
  }
  if (filter.projectId) add('in', `k.project_id = ${bind(filter.projectId)}`, "k.owner_kind <> 'MEMBER'")
  if (filter.owner) {
    const { kind, id } = filter.owner
    add(OWNED_BY[kind].slice(2, 5), `${OWNED_BY[kind]} = ${bind(id)}`, `k.owner_kind = '${kind}'`)
  }
  if (filter.search) add('named', `k.name ILIKE ${bind(`%${filter.search.replace(/[\\%_]/g, '\\$&')}%`)}`)
  const status = [...new Set(filter.status)].sort()
  add(status.map((one) => one[0]).join(''), `(${status.map((one) => HAS_STATUS[one]).join(' OR ') || 'false'})`)
  if (filter.unusedSince) add('idle', `coalesce(k.last_used_at, k.created_at) < ${bind(filter.unusedSince)}`)
  if (filter.expiresBefore) add('ending', `k.expires_at < ${bind(filter.expiresBefore)}`)
  return { name: words.join('-'), conditions, values }
}
