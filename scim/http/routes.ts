import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ResourceFinder } from '../provider'
import { answerError } from './answer'
import { authenticate, proveBeforeRefusing, release } from './authenticate'
import { takeScimBodies } from './body'
import { bulkRoutes } from './bulk.routes'
import { discoveryRoutes, serviceProviderConfigRoute } from './discovery.routes'
import { logEntry } from './log-entry'
import { ProvenTokens } from './proven-tokens'
import { RateLimiter } from './rate-limit'
import { ReadTokens } from './read-tokens'
import { refuseOtherPaths, refuseTheRest } from './refused.routes'
import { RequestLog } from './request-log'
import { resourceRoutes } from './resource.routes'
import type { ScimOptions } from './scim-options'
import { findState, provenDirectory } from './scim-request'
import { searchRoutes } from './search.routes'

const PREFIX = '/scim/v2/:directoryId'

/** Serves SCIM 2.0 at `/scim/v2/{directoryId}`. Closing the server writes what the request log still holds. */
export async function scimRoutes(app: FastifyInstance, options: ScimOptions): Promise<void> {
  const { spine, publicUrl, logError } = options
  const limiter = new RateLimiter(options.rateLimit)
  const readTokens = new ReadTokens()
  const provenTokens = new ProvenTokens()
  const log = new RequestLog(spine, logError)
  const finder = new ResourceFinder(spine.sealer)
  app.decorateRequest('scimState', null)
  app.addHook('onClose', () => log.flush())
  app.setErrorHandler(refuse)
  takeScimBodies(app)
  await app.register(async (open) => serviceProviderConfigRoute(open, publicUrl), { prefix: PREFIX })
  await app.register(
    async (directory) => {
      directory.addHook('onRequest', (request, reply) =>
        authenticate(request, reply, { spine, publicUrl, limiter, readTokens, provenTokens }),
      )
      directory.addHook('onResponse', async (request, reply) => {
        await release(request)
        keep(log, request, reply)
      })
      resourceRoutes(directory, finder)
      searchRoutes(directory, finder)
      discoveryRoutes(directory, publicUrl)
      bulkRoutes(directory)
      refuseTheRest(directory)
    },
    { prefix: PREFIX },
  )
  refuseOtherPaths(app)
}

/** Also what the server itself refuses, such as a body that is too long, is told to nobody who is not proven. */
async function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  try {
    await proveBeforeRefusing(request)
    return answerError(error, request, reply)
  } catch (refusal) {
    return answerError(refusal, request, reply)
  }
}

/** A request whose directory is not proven is kept under the directory in its path, a few of them in a minute. */
function keep(log: RequestLog, request: FastifyRequest, reply: FastifyReply): void {
  const state = findState(request)
  const directoryId = state?.directoryId
  if (!state || !directoryId) return
  const actor = provenDirectory(state)
  if (!actor && !log.admitsUnproven(directoryId)) return
  const organizationId = actor?.organizationId ?? null
  log.add({ organizationId, entry: logEntry(request, reply, { ...state, directoryId }) })
}
