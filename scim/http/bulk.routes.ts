import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  type BulkOperation,
  type BulkOutcome,
  GROUP,
  locationOf,
  projectionOf,
  readBulk,
  requirePayloadSize,
  runBulk,
  ScimError,
} from '../protocol'
import {
  createGroup,
  createUser,
  type DirectoryRequest,
  deleteGroup,
  deleteUser,
  patchGroup,
  patchUser,
  replaceGroup,
  replaceUser,
  scimErrorOf,
  type Written,
} from '../provider'
import { noteWritten, sendBody } from './answer'
import { bodyOf } from './body'
import { BULK_LIMITS } from './scim-options'
import { stateOf } from './scim-request'

/** `POST /Bulk` (RFC 7644 §3.7): each operation is a transaction of its own. */
export function bulkRoutes(app: FastifyInstance): void {
  app.post('/Bulk', { bodyLimit: BULK_LIMITS.maxPayloadSize + 1 }, async (request, reply) => {
    requirePayloadSize(typeof request.body === 'string' ? Buffer.byteLength(request.body) : 0, BULK_LIMITS)
    const state = stateOf(request)
    const bulk = readBulk(bodyOf(request), BULK_LIMITS, state.request.mode)
    const response = await runBulk(
      bulk,
      (operation) => execute(request, operation),
      ({ type, id = '' }) => locationOf(type, id, state.request.base),
    )
    state.outcome = 'OK'
    return sendBody(reply, 200, response)
  })
}

const STATUS = { POST: 201, PUT: 200, PATCH: 200, DELETE: 204 } as const

/** @throws ScimError */
async function execute(request: FastifyRequest, operation: BulkOperation): Promise<BulkOutcome> {
  try {
    const written = await write(stateOf(request).request, operation)
    noteWritten(request, written)
    const { shown } = written
    const status = STATUS[operation.method]
    return shown ? { status, id: shown.id, version: shown.version, location: shown.location } : { status }
  } catch (error) {
    const known = scimErrorOf(error)
    if (known) throw known
    request.log.error({ err: error, requestId: request.id }, 'scim bulk operation failed')
    throw new ScimError(500, undefined, `Something failed. Report the request id ${request.id}.`)
  }
}

const USERS = { create: createUser, replace: replaceUser, patch: patchUser, remove: deleteUser }
const GROUPS = { create: createGroup, replace: replaceGroup, patch: patchGroup, remove: deleteGroup }

async function write(
  request: DirectoryRequest,
  { method, type, id = '', data, version }: BulkOperation,
): Promise<Written> {
  const verbs = type === GROUP ? GROUPS : USERS
  // The results say nothing of members, so they are not looked at.
  const projection = projectionOf(type, { excludedAttributes: ['members', 'groups'] })
  switch (method) {
    case 'POST':
      return verbs.create(request, data, projection)
    case 'PUT':
      return verbs.replace(request, id, data, projection, version)
    case 'PATCH':
      return verbs.patch(request, id, data, projection, version)
    case 'DELETE':
      return verbs.remove(request, id, version)
  }
}
