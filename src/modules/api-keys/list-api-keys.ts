import { OWN_ORGANIZATION, type ReadContext, readUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import {
  COUNT_CAP,
  type CountResult,
  cappedCount,
  type ListPage,
  listPage,
  type PageArguments,
  readPage,
} from '../../kernel/page'
import { projectObject, projectViewer } from '../projects'
import type { ApiKeyStatus } from './api-key.model'
import type { ApiKeyRow } from './api-key.store'
import { type ApiKeyFilter, countApiKeyRows, listApiKeyRows } from './api-key-list.store'

/** What a list of keys is asked for. */
export interface ApiKeyQuery {
  /** Keys of this project and of its service accounts; null for all of the organization, personal ones too. */
  projectId: string | null
  owner?: ApiKeyFilter['owner']
  /** Part of the name, at most 100 characters. */
  search?: string | null
  /** Live ones when absent. */
  status?: readonly ApiKeyStatus[] | null
  unusedSince?: Date | null
  expiresBefore?: Date | null
}

const LIVE: readonly ApiKeyStatus[] = ['ACTIVE']
const SEARCH_LENGTH = 100

/**
 * Keys, latest first, of a project or of the whole organization. Projects that the actor does not see stay out.
 *
 * @throws NOT_FOUND  when the actor cannot see the project
 * @throws TOO_LONG  the search
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listApiKeys = readUseCase({
  name: 'listApiKeys',
  requires: 'api_key.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ApiKeyQuery & { page: PageArguments }) => placeOf(context, input),
  async run({ tx, actor, organizationId }, { page, ...query }): Promise<ListPage<ApiKeyRow>> {
    const filter = readFilter(query)
    const binding = JSON.stringify(['api-keys', organizationId, filter])
    const checked = readPage(page, binding)
    const rows = await listApiKeyRows(tx, organizationId, projectViewer(actor), filter, checked)
    return listPage(rows, checked, binding, (row) => [row.id])
  },
})

/** How many keys `listApiKeys` walks over; counting stops at 10,000. */
export const countApiKeys = readUseCase({
  name: 'countApiKeys',
  requires: 'api_key.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ApiKeyQuery) => placeOf(context, input),
  async run({ tx, actor, organizationId }, query): Promise<CountResult> {
    return cappedCount(
      await countApiKeyRows(tx, organizationId, projectViewer(actor), readFilter(query), COUNT_CAP + 1),
    )
  },
})

/** The list is decided about in its project, or in the organization as a whole. */
async function placeOf(context: ReadContext, { projectId }: ApiKeyQuery) {
  const { organizationId } = context
  return projectId ? projectObject(context, organizationId, { id: projectId }) : { organizationId }
}

function readFilter(query: ApiKeyQuery): ApiKeyFilter {
  const search = query.search?.trim() || null
  if (search && search.length > SEARCH_LENGTH)
    throw new AppError('TOO_LONG', `Search for at most ${SEARCH_LENGTH} characters.`, { path: ['filter', 'search'] })
  return {
    projectId: query.projectId,
    owner: query.owner ?? null,
    search,
    status: query.status ?? LIVE,
    unusedSince: query.unusedSince ?? null,
    expiresBefore: query.expiresBefore ?? null,
  }
}
