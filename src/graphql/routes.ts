import { ApolloServer, HeaderMap } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Operation, type Spine } from '../access'
import { callerOf, isFromElsewhere, leansOnCookies, type SessionCookies } from '../http'
import type { GraphQLContext } from './context'
import { formatError, responsePlugin } from './format-error'
import { createLoaders } from './loaders'
import { buildGraphQLSchema } from './schema'

export interface GraphQLOptions {
  spine: Spine
  cookies: SessionCookies
  /** Origins whose pages may call with cookies: our own and the platform's frontends. */
  allowedOrigins: ReadonlySet<string>
  /** Introspection and messages for developers; off in production. */
  isDevelopment: boolean
  logCause: (error: unknown, requestId: string) => void
}

// The Apollo headers prove a preflight (CSRF prevention); the rest is content negotiation.
const FORWARDED_HEADERS = ['content-type', 'accept', 'apollo-require-preflight', 'x-apollo-operation-name'] as const
const MAXIMUM_TOKENS = 4_000

/** Serves `POST /graphql`. */
export async function graphqlRoutes(app: FastifyInstance, options: GraphQLOptions): Promise<void> {
  const apollo = new ApolloServer<GraphQLContext>({
    schema: buildGraphQLSchema(),
    nodeEnv: options.isDevelopment ? 'development' : 'production',
    introspection: options.isDevelopment,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    formatError,
    parseOptions: { maxTokens: MAXIMUM_TOKENS },
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      responsePlugin(options.logCause),
    ],
  })
  await apollo.start()
  app.addHook('onClose', () => apollo.stop())

  // One handler of our own instead of the integration: it copies every header and parses the URL per request.
  app.post('/graphql', async (request, reply) => {
    if (leansOnCookies(request, options.cookies) && isFromElsewhere(request, options.allowedOrigins))
      return reply
        .code(403)
        .send({ errors: [{ message: 'This page may not use your session.', extensions: { code: 'FORBIDDEN' } }] })
    const context = createContext(request, reply, options)
    try {
      const response = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: 'POST', headers: forwardedHeaders(request), search: '', body: request.body },
        context: async () => context,
      })
      for (const [name, value] of response.headers) reply.header(name, value)
      if (response.body.kind !== 'complete') throw new Error('Incremental delivery is not offered')
      return reply.code(response.status ?? 200).send(response.body.string)
    } finally {
      await context.operation.close()
    }
  })
}

function createContext(
  request: FastifyRequest,
  reply: FastifyReply,
  { spine, cookies }: GraphQLOptions,
): GraphQLContext {
  const operation = new Operation(spine, callerOf(request, cookies))
  const loaders = createLoaders(operation)
  operation.onFreshView(() => loaders.clear())
  return {
    operation,
    loaders,
    denied: [],
    continueIn(session) {
      operation.continueAs({ organizationToken: session.token })
      if (request.headers.authorization !== undefined) return session.token
      cookies.setOrganization(reply, session.token, session.expiresAt)
      return null
    },
  }
}

function forwardedHeaders(request: FastifyRequest): HeaderMap {
  const headers = new HeaderMap()
  for (const name of FORWARDED_HEADERS) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  return headers
}
