import { COUNT_CAP, type CountResult, cappedCount, type Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'
import type { OrganizationEntity, OrganizationStatus } from './organization.entity'
import { type OrganizationRow, organizationOf } from './organization.store'

/** Which organizations; null means any. */
export interface OrganizationFilter {
  /** Part of the name or slug. */
  search: string | null
  status: OrganizationStatus[] | null
}

export interface OrganizationOrder {
  field: 'NAME' | 'CREATED_AT'
  direction: 'ASC' | 'DESC'
}

/** Organizations of the installation in order: one row more than the page holds. Needs the installation's scope. */
export async function listOrganizationRows(
  tx: Transaction,
  { search, status }: OrganizationFilter,
  { field, direction }: OrganizationOrder,
  page: Page,
): Promise<OrganizationEntity[]> {
  const walks = (direction === 'ASC') === (page.direction === 'forwards') ? 'ASC' : 'DESC'
  const [value, id] = page.cursor ?? [null, null]
  const rows = await tx.query<OrganizationRow>(LISTS[field][walks], [search, status, value, id, page.size + 1])
  return rows.map(organizationOf)
}

/** How many organizations match, up to 10,000. Needs the installation's scope. */
export async function countOrganizationRows(
  tx: Transaction,
  { search, status }: OrganizationFilter,
): Promise<CountResult> {
  const [row] = await tx.query<{ n: number }>(COUNT, [search, status])
  return cappedCount(row!.n)
}

const MATCHES = `
  ($1::text IS NULL OR position(lower($1) IN lower(name)) > 0 OR position(lower($1) IN slug) > 0)
  AND ($2::text[] IS NULL OR status = ANY ($2))`

const COUNT: Statement = {
  name: 'count-organizations',
  text: `SELECT count(*)::int AS n FROM (SELECT 1 FROM organizations WHERE ${MATCHES} LIMIT ${COUNT_CAP + 1}) AS matching`,
}

const list = (column: 'name' | 'created_at', type: 'text' | 'timestamptz', walks: 'ASC' | 'DESC'): Statement => ({
  name: `list-organizations-${column.replace('_', '-')}-${walks.toLowerCase()}`,
  text: `
SELECT * FROM organizations
WHERE ${MATCHES} AND ($3::${type} IS NULL OR (${column}, organization_id) ${walks === 'ASC' ? '>' : '<'} ($3, $4::uuid))
ORDER BY ${column} ${walks}, organization_id ${walks} LIMIT $5`,
})

const LISTS = {
  NAME: { ASC: list('name', 'text', 'ASC'), DESC: list('name', 'text', 'DESC') },
  CREATED_AT: { ASC: list('created_at', 'timestamptz', 'ASC'), DESC: list('created_at', 'timestamptz', 'DESC') },
} as const
