import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  GROUP,
  type Projection,
  pageOf,
  projectionOf,
  type QueryParameters,
  type ResourceType,
  readQueryString,
  readSearchRequest,
  USER,
} from '../protocol'
import {
  createGroup,
  createUser,
  type DirectoryRequest,
  deleteGroup,
  deleteUser,
  patchGroup,
  patchUser,
  type ResourceFinder,
  readGroup,
  readUser,
  replaceGroup,
  replaceUser,
  type Written,
} from '../provider'
import { sendFound, sendList, sendWritten } from './answer'
import { getProvingLate, writeProvingLate } from './authenticate'
import { bodyOf } from './body'
import { PAGE_SIZES } from './scim-options'
import { stateOf } from './scim-request'

/** What can be done with one kind of resource. */
const VERBS = [
  { type: USER, create: createUser, read: readUser, replace: replaceUser, patch: patchUser, remove: deleteUser },
  { type: GROUP, create: createGroup, read: readGroup, replace: replaceGroup, patch: patchGroup, remove: deleteGroup },
] as const

/** `/Users` and `/Groups`: RFC 7644 §3.3 to §3.6. */
export function resourceRoutes(app: FastifyInstance, finder: ResourceFinder): void {
  for (const { type, create, read, replace, patch, remove } of VERBS) {
    const one = `${type.endpoint}/:id`
    getProvingLate(app, type.endpoint, async (request, reply) => list(request, reply, finder, type, queryOf(request)))
    app.post(`${type.endpoint}/.search`, (request, reply) =>
      list(request, reply, finder, type, readSearchRequest(bodyOf(request), stateOf(request).request.mode)),
    )
    writeProvingLate(app, 'POST', type.endpoint, async (request, reply) => {
      const projection = projectionOf(type, queryOf(request))
      return sendWritten(request, reply, 201, await create(asked(request), bodyOf(request), projection))
    })
    getProvingLate(app, one, async (request, reply) => {
      const projection = projectionOf(type, queryOf(request))
      return sendFound(request, reply, await read(asked(request), idOf(request), projection))
    })
    writeProvingLate(app, 'PUT', one, (request, reply) => change(request, reply, type, replace))
    writeProvingLate(app, 'PATCH', one, (request, reply) => change(request, reply, type, patch))
    writeProvingLate(app, 'DELETE', one, async (request, reply) => {
      const written = await remove(asked(request), idOf(request), request.headers['if-match'])
      return sendWritten(request, reply, 204, written)
    })
  }
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}

type Change = typeof replaceUser

async function change(
  request: FastifyRequest,
  reply: FastifyReply,
  type: ResourceType,
  write: Change,
): Promise<FastifyReply> {
  const parameters = queryOf(request)
  // Whoever changes a large group does not want to read it, so its members are not even loaded; Entra asks for that.
  // RFC 7644 §3.5.2 allows it, but conformance clients expect what it names first: 200 and the whole resource.
  const isSilent = type === GROUP && request.method === 'PATCH' && stateOf(request).request.mode === 'lenient'
  const hasBody = !isSilent || parameters.attributes || parameters.excludedAttributes
  const projection = projectionOf(type, hasBody ? parameters : { excludedAttributes: ['members'] })
  const written: Written = await write(
    asked(request),
    idOf(request),
    bodyOf(request),
    projection,
    request.headers['if-match'],
  )
  return sendWritten(request, reply, hasBody ? 200 : 204, written)
}

async function list(
  request: FastifyRequest,
  reply: FastifyReply,
  finder: ResourceFinder,
  type: ResourceType,
  parameters: QueryParameters,
): Promise<FastifyReply> {
  const projection: Projection = projectionOf(type, parameters)
  const page = pageOf(parameters, PAGE_SIZES)
  const { resources, facts } = await finder.find(asked(request), type, parameters, page, projection)
  stateOf(request).outcome = 'OK'
  return sendList(reply, resources, facts)
}

function asked(request: FastifyRequest): DirectoryRequest {
  return stateOf(request).request
}

/** The parameters of the URL. @throws ScimError  invalidValue */
export function queryOf({ url }: FastifyRequest): QueryParameters {
  const mark = url.indexOf('?')
  return readQueryString(mark < 0 ? '' : url.slice(mark + 1))
}
