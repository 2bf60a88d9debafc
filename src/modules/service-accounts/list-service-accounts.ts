import { decide, OWN_ORGANIZATION, type ReadContext, readUseCase } from '../../access'
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
import { findProjects, permissionsIn, projectObject, projectViewer } from '../projects'
import {
  countServiceAccountRows,
  findServiceAccounts,
  listServiceAccountRows,
  type ServiceAccountFilter,
  type ServiceAccountRow,
  type ServiceAccountStatus,
} from './service-account.store'
import { serviceAccountObject } from './service-account-access'

/** What a list of service accounts is asked for. */
export interface ServiceAccountQuery {
  /** Null for those of all projects of the organization that the actor sees. */
  projectId: string | null
  /** Part of the name, at most 100 characters. */
  search?: string | null
  /** All when absent. */
  status?: readonly ServiceAccountStatus[] | null
}

const EVERY_STATUS: readonly ServiceAccountStatus[] = ['ACTIVE', 'DISABLED']
const SEARCH_LENGTH = 100

/**
 * Service accounts, oldest first.
 *
 * @throws NOT_FOUND  when the actor cannot see the project
 * @throws TOO_LONG  the search
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listServiceAccounts = readUseCase({
  name: 'listServiceAccounts',
  requires: 'service_account.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ServiceAccountQuery & { page: PageArguments }) => placeOf(context, input),
  async run({ tx, actor, organizationId }, input): Promise<ListPage<ServiceAccountRow>> {
    const filter = readFilter(input)
    const binding = JSON.stringify(['service-accounts', organizationId, filter])
    const page = readPage(input.page, binding)
    const rows = await listServiceAccountRows(tx, organizationId, projectViewer(actor), filter, page)
    return listPage(rows, page, binding, (row) => [row.id])
  },
})

/** How many service accounts `listServiceAccounts` walks over; counting stops at 10,000. */
export const countServiceAccounts = readUseCase({
  name: 'countServiceAccounts',
  requires: 'service_account.read',
  organization: () => OWN_ORGANIZATION,
  object: (context, input: ServiceAccountQuery) => placeOf(context, input),
  async run({ tx, actor, organizationId }, input): Promise<CountResult> {
    const viewer = projectViewer(actor)
    return cappedCount(await countServiceAccountRows(tx, organizationId, viewer, readFilter(input), COUNT_CAP + 1))
  },
})

/**
 * One service account.
 * @throws NOT_FOUND  when it does not exist or the actor cannot see its project
 */
export const getServiceAccount = readUseCase({
  name: 'getServiceAccount',
  requires: 'service_account.read',
  organization: () => OWN_ORGANIZATION,
  async object(context, input: { serviceAccountId: string }) {
    const object = await serviceAccountObject(context, input)
    // Whoever has just changed it is shown it, even without the permission to look around.
    const mayManage = decide(context.actor, 'service_account.manage', object) === 'allowed'
    return mayManage ? { ...object, permissionsHere: new Set(['service_account.read']) } : object
  },
  run: async (_context, _input, { account }): Promise<ServiceAccountRow> => account,
})

/** Those of these service accounts that the actor can see, by id. It is decided about each in its project. */
export const getServiceAccounts = readUseCase({
  name: 'getServiceAccounts',
  requires: 'service_account.read',
  organization: () => OWN_ORGANIZATION,
  object: async ({ organizationId }, _input: { ids: readonly string[] }) => ({
    organizationId,
    permissionsHere: new Set(['service_account.read']),
  }),
  async run({ tx, actor, organizationId }, { ids }): Promise<Map<string, ServiceAccountRow>> {
    const rows = await findServiceAccounts(tx, organizationId, ids)
    const projectIds = rows.map(({ projectId }) => projectId)
    const projects = await findProjects(tx, organizationId, projectViewer(actor), projectIds)
    const readable = new Set(
      projects
        .filter((project) => {
          const object = { organizationId, permissionsHere: permissionsIn(project, actor) }
          return decide(actor, 'service_account.read', object) === 'allowed'
        })
        .map(({ id }) => id),
    )
    return new Map(rows.filter(({ projectId }) => readable.has(projectId)).map((row) => [row.id, row]))
  },
})

/** The list is decided about in its project, or in the organization as a whole. */
async function placeOf(context: ReadContext, { projectId }: ServiceAccountQuery) {
  const { organizationId } = context
  return projectId ? projectObject(context, organizationId, { id: projectId }) : { organizationId }
}

function readFilter({ projectId, search, status }: ServiceAccountQuery): ServiceAccountFilter {
  const text = search?.trim() || null
  if (text && text.length > SEARCH_LENGTH)
    throw new AppError('TOO_LONG', `Search for at most ${SEARCH_LENGTH} characters.`, { path: ['filter', 'search'] })
  return { projectId, search: text, status: status ?? EVERY_STATUS }
}
