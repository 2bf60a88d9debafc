import type { FastifyInstance } from 'fastify'

/** A page with the Content-Security-Policy that it needs. */
export interface ServedPage {
  readonly html: string
  readonly policy: string
}

/** Answers `GET /graphql`: to a browser in development with GraphiQL, otherwise that the API is called by POST. */
export function getGraphqlRoute(app: FastifyInstance, page: ServedPage | null): void {
  app.get('/graphql', async (request, reply) => {
    if (page && request.headers.accept?.includes('text/html'))
      return reply.type('text/html; charset=utf-8').header('content-security-policy', page.policy).send(page.html)
    return reply
      .code(405)
      .header('allow', 'POST')
      .send({ errors: [{ message: 'The API is called by POST.', extensions: { code: 'METHOD_NOT_ALLOWED' } }] })
  })
}
