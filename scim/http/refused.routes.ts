import type { FastifyInstance, HTTPMethods } from 'fastify'
import { ScimError } from '../protocol'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** What each endpoint answers; whatever else is asked of it is 405. */
const ENDPOINTS: readonly (readonly [path: string, allowed: readonly HTTPMethods[]])[] = [
  ['/', ['GET']],
  ['/.search', ['POST']],
  ['/Bulk', ['POST']],
  ['/Schemas', ['GET']],
  ['/Schemas/:id', ['GET']],
  ['/ResourceTypes', ['GET']],
  ['/ResourceTypes/:id', ['GET']],
  ['/ServiceProviderConfig', ['GET']],
  ['/Users', ['GET', 'POST']],
  ['/Users/.search', ['POST']],
  ['/Users/:id', ['GET', 'PUT', 'PATCH', 'DELETE']],
  ['/Groups', ['GET', 'POST']],
  ['/Groups/.search', ['POST']],
  ['/Groups/:id', ['GET', 'PUT', 'PATCH', 'DELETE']],
]

/** Answers what a proven directory asks and nothing else does: 405 with `Allow`, 501 for /Me, 404. */
export function refuseTheRest(app: FastifyInstance): void {
  for (const [url, allowed] of ENDPOINTS) {
    const method = METHODS.filter((each) => !allowed.includes(each))
    app.route({
      method,
      url,
      handler: async (request, reply) => {
        reply.header('allow', allowed.join(', '))
        throw new ScimError(405, undefined, `${request.method} is not possible here. Possible: ${allowed.join(', ')}.`)
      },
    })
  }
  app.all('/Me', async () => {
    throw new ScimError(501, undefined, 'A directory is nobody: /Me is for people, who do not sign in here.')
  })
  app.all('/*', async () => {
    throw new ScimError(404, undefined, 'There is no such endpoint. See /ResourceTypes.')
  })
}

/** Answers whatever else begins with /scim: other versions, and paths without a directory. */
export function refuseOtherPaths(app: FastifyInstance): void {
  app.all('/scim/*', async () => {
    throw new ScimError(
      404,
      undefined,
      'There is no such endpoint. The base URL is that of a directory: /scim/v2/dir_…',
    )
  })
}
