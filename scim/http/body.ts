import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type JsonValue, readJson } from '../protocol'
import { BODY_LIMIT } from './scim-options'
import { stateOf } from './scim-request'

/** Takes bodies as text, so that the protocol's own bounds come before any parser; other content types are refused. */
export function takeScimBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/scim+json', 'application/json'],
    { parseAs: 'string', bodyLimit: BODY_LIMIT },
    (_request, body, done) => done(null, body),
  )
}

/** The body of a request as JSON. @throws ScimError  413, invalidSyntax */
export function bodyOf(request: FastifyRequest): JsonValue {
  const { body } = request
  const json = readJson(typeof body === 'string' ? body : '')
  stateOf(request).sent = json
  return json
}
