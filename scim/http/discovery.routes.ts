import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { scimRootUrl } from '../../src/modules/directories'
import {
  type DiscoveryDocument,
  documentById,
  listResponse,
  type ProviderFeatures,
  refuseDiscoveryFilter,
  resourceTypeDocuments,
  schemaDocuments,
  serviceProviderConfig,
} from '../protocol'
import { CURSOR_SECONDS } from '../provider'
import { sendBody } from './answer'
import { queryOf } from './resource.routes'
import { BULK_LIMITS, PAGE_SIZES } from './scim-options'
import { findState } from './scim-request'

const FEATURES: ProviderFeatures = {
  ...PAGE_SIZES,
  bulk: BULK_LIMITS,
  cursorTimeoutSeconds: CURSOR_SECONDS,
  sort: true,
  etag: true,
}

/** What a client can learn about the service (RFC 7644 §4), for clients that have proven who they are. */
export function discoveryRoutes(app: FastifyInstance, publicUrl: string): void {
  for (const [path, documentsOf] of [
    ['/Schemas', schemaDocuments],
    ['/ResourceTypes', resourceTypeDocuments],
  ] as const) {
    app.get(path, (request, reply) => {
      refuseDiscoveryFilter(queryOf(request).filter)
      const documents = documentsOf(baseOf(request, publicUrl))
      return send(request, reply, listResponse(documents, { totalResults: documents.length, startIndex: 1 }))
    })
    app.get<{ Params: { id: string } }>(`${path}/:id`, (request, reply) => {
      refuseDiscoveryFilter(queryOf(request).filter)
      return send(request, reply, documentById(documentsOf(baseOf(request, publicUrl)), request.params.id))
    })
  }
}

/** What the service can do: the same for everybody and read without a token (RFC 7643 §5), so it says nothing of a tenant. */
export function serviceProviderConfigRoute(app: FastifyInstance, publicUrl: string): void {
  app.get('/ServiceProviderConfig', (request, reply) => {
    refuseDiscoveryFilter(queryOf(request).filter)
    return sendBody(reply, 200, serviceProviderConfig(baseOf(request, publicUrl), FEATURES))
  })
}

function baseOf(request: FastifyRequest, publicUrl: string): string {
  return `${scimRootUrl(publicUrl)}/${(request.params as { directoryId: string }).directoryId}`
}

function send(request: FastifyRequest, reply: FastifyReply, body: DiscoveryDocument | object): FastifyReply {
  const state = findState(request)
  if (state) state.outcome = 'OK'
  return sendBody(reply, 200, body)
}
