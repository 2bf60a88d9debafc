import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  type ListFacts,
  pageOf,
  projectionOf,
  type QueryParameters,
  RESOURCE_TYPES,
  type ResourceType,
  readSearchRequest,
  refusal,
  resolve,
} from '../protocol'
import type { DirectoryRequest, ResourceFinder } from '../provider'
import { sendList } from './answer'
import { bodyOf } from './body'
import { queryOf } from './resource.routes'
import { PAGE_SIZES } from './scim-options'
import { stateOf } from './scim-request'

/** `GET /` and `POST /.search`: a search in people and groups together (RFC 7644 §3.4.2.1, §3.4.3). */
export function searchRoutes(app: FastifyInstance, finder: ResourceFinder): void {
  app.get('/', (request, reply) => search(request, reply, finder, queryOf(request)))
  app.post('/.search', (request, reply) =>
    search(request, reply, finder, readSearchRequest(bodyOf(request), stateOf(request).request.mode)),
  )
}

async function search(
  request: FastifyRequest,
  reply: FastifyReply,
  finder: ResourceFinder,
  parameters: QueryParameters,
): Promise<FastifyReply> {
  if (parameters.cursor !== undefined)
    throw refusal('invalidCursor', 'Cursors work on /Users and /Groups. Use startIndex here.')
  const state = stateOf(request)
  const { resources, facts } = await findEverywhere(state.request, finder, parameters)
  state.outcome = 'OK'
  return sendList(reply, resources, facts)
}

/** One type after the other: a page may end with the last people and go on with the first groups. */
async function findEverywhere(
  request: DirectoryRequest,
  finder: ResourceFinder,
  parameters: QueryParameters,
): Promise<{ resources: readonly string[]; facts: ListFacts }> {
  const page = pageOf(parameters, PAGE_SIZES)
  const startIndex = page.kind === 'index' ? page.startIndex : 1
  const resources: string[] = []
  let before = 0
  for (const type of RESOURCE_TYPES) {
    const projection = projectionOf(type, parameters)
    const part = {
      kind: 'index' as const,
      startIndex: Math.max(startIndex - before, 1),
      count: page.count - resources.length,
    }
    const found = await finder.find(request, type, sortable(type, parameters), part, projection, 'unassigned')
    resources.push(...found.resources)
    before += found.facts.totalResults
  }
  return { resources, facts: { totalResults: before, startIndex } }
}

/** An order that a type does not have leaves it in its own. */
function sortable(type: ResourceType, parameters: QueryParameters): QueryParameters {
  const { sortBy } = parameters
  return sortBy !== undefined && !resolve(type, sortBy) ? { ...parameters, sortBy: undefined } : parameters
}
