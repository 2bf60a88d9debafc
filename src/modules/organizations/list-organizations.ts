import { readUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { type CountResult, type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import type { OrganizationEntity } from './organization.entity'
import {
  countOrganizationRows,
  listOrganizationRows,
  type OrganizationFilter,
  type OrganizationOrder,
} from './organization-list.store'

/** Which organizations, in which order. */
export interface ListOrganizations {
  page: PageArguments
  filter: OrganizationFilter
  order: OrganizationOrder
}

const SEARCH_LENGTH = 100

/**
 * The organizations of the installation, also those that wait for their deletion.
 * @throws TOO_LONG  the search term
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listOrganizations = readUseCase({
  name: 'listOrganizations',
  requires: 'operator',
  organization: () => null,
  installation: true,
  async run({ tx }, { page, filter, order }: ListOrganizations): Promise<ListPage<OrganizationEntity>> {
    if (filter.search && filter.search.length > SEARCH_LENGTH)
      throw new AppError('TOO_LONG', `A search term has at most ${SEARCH_LENGTH} characters.`, {
        path: ['filter', 'search'],
      })
    const binding = JSON.stringify(['organizations', filter, order])
    const checked = readPage(page, binding)
    const rows = await listOrganizationRows(tx, filter, order, checked)
    return listPage(rows, checked, binding, (row) => [
      order.field === 'NAME' ? row.name : row.createdAt.toISOString(),
      row.organizationId,
    ])
  },
})

/** How many organizations `listOrganizations` walks over, up to 10,000. */
export const countOrganizations = readUseCase({
  name: 'countOrganizations',
  requires: 'operator',
  organization: () => null,
  installation: true,
  run: ({ tx }, { filter }: Pick<ListOrganizations, 'filter'>): Promise<CountResult> =>
    countOrganizationRows(tx, filter),
})
