import { notFound, OWN_ORGANIZATION, readUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import { directoryObject } from './directory-access'
import {
  findScimRequest,
  listScimRequestRows,
  type ScimRequestFilter,
  type ScimRequestRow,
} from './scim-request-page.store'
import { readSearch } from './search-term'

/** Which requests of which directory. */
export interface ListScimRequests {
  directoryId: string
  page: PageArguments
  filter: ScimRequestFilter
}

const MOST_METHODS = 10

/**
 * What an identity provider asked and was answered, newest first: for the customer's own Admins. Kept for 30 days.
 * @throws NOT_FOUND, TOO_LONG
 * @throws TOO_MANY  more than ten methods
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listScimRequests = readUseCase({
  name: 'listScimRequests',
  requires: 'directory.log.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ListScimRequests) => directoryObject(context, input.directoryId),
  async run({ tx, organizationId }, { directoryId, page, filter }): Promise<ListPage<ScimRequestRow>> {
    if (filter.methods && filter.methods.length > MOST_METHODS)
      throw new AppError('TOO_MANY', `At most ${MOST_METHODS} methods.`, { path: ['filter', 'method'] })
    const methods = filter.methods && [...new Set(filter.methods.map((method) => method.toUpperCase()))].sort()
    const checked = { ...filter, methods, search: readSearch(filter.search) }
    const binding = JSON.stringify(['scim-requests', directoryId, checked])
    const place = readPage(page, binding)
    const rows = await listScimRequestRows(tx, organizationId, directoryId, checked, place)
    return listPage(rows, place, binding, (row) => [row.id])
  },
})

/** One request. @throws NOT_FOUND */
export const getScimRequest = readUseCase({
  name: 'getScimRequest',
  requires: 'directory.log.read',
  organization: () => OWN_ORGANIZATION,
  async run({ tx, organizationId }, { id }: { id: string }): Promise<ScimRequestRow> {
    const row = await findScimRequest(tx, organizationId, id)
    if (!row) throw notFound('The request')
    return row
  },
})
