import { ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Operation, type Spine } from '../access'
import { callerOf, isFromElsewhere, leansOnCookies, type SessionCookies } from '../http'
import { AppError } from '../kernel/errors'
import { isJwt, type TokenIssuer } from '../modules/tokens'
import type { Outside } from '../platform/outside'
import type { GraphQLContext, InstallationFacts } from './context'
import { plannedOperations } from './execution/planned-operations'
import { formatError, logCauses, responsePlugin } from './format-error'
import { limitsPlugin } from './limits'
import { createLoaders } from './loaders'
import { answerRefusedRequest, sendErrors } from './refused-request'
import { buildGraphQLSchema } from './schema'

export interface GraphQLOptions {
  spine: Spine
  cookies: SessionCookies
  /** Where people reach this installation, for links; without a slash at the end. */
  publicUrl: string
  tokens: TokenIssuer
  installation: InstallationFacts
  outside: Outside
  /** Origins whose pages may call with cookies: our own and the platform's frontends. */
  allowedOrigins: ReadonlySet<string>
  /** Introspection and messages for developers; off in production. */
  isDevelopment: boolean
  logCause: (error: unknown, requestId: string) => void
  /** How long one request may take; default 10,000. */
  deadlineMilliseconds?: number
}

// The Apollo headers prove a preflight (CSRF prevention); the rest is content negotiation.
const FORWARDED_HEADERS = ['content-type', 'accept', 'apollo-require-preflight', 'x-apollo-operation-name'] as const
const MAXIMUM_TOKENS = 4_000
const DEADLINE_MILLISECONDS = 10_000

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
      limitsPlugin(),
      plannedOperations({
        encountered: (errors, context) => logCauses(errors, context, options.logCause),
        format: (error) => formatError(error.toJSON(), error),
      }),
    ],
  })
  await apollo.start()
  app.addHook('onClose', () => apollo.stop())

  app.removeContentTypeParser('text/plain')
  app.setErrorHandler<FastifyError | AppError>((error, request, reply) =>
    answerRefusedRequest(error, request, reply, options.logCause),
  )
  // One handler of our own instead of the integration: it copies every header and parses the URL per request.
  app.post('/graphql', async (request, reply) => {
    if (leansOnCookies(request, options.cookies) && isFromElsewhere(request, options.allowedOrigins))
      return sendErrors(reply, 403, { code: 'FORBIDDEN', message: 'This page may not use your session.' })
    refuseAccessToken(request)
    const response = await answerInTime(apollo, request, reply, options)
    for (const [name, value] of response.headers) reply.header(name, value)
    if (response.body.kind !== 'complete') throw new Error('Incremental delivery is not offered')
    return reply.code(response.status ?? 200).send(response.body.string)
  })
}

/**
 * Runs the operation. When the deadline comes first nothing more begins, and a write under way is rolled back; whoever
 * has changed something is always told so, and a write that takes long gives the rest of its operation the time anew.
 * @throws UNAVAILABLE  at the deadline, when nothing is changed
 */
async function answerInTime(
  apollo: ApolloServer<GraphQLContext>,
  request: FastifyRequest,
  reply: FastifyReply,
  options: GraphQLOptions,
): Promise<HTTPGraphQLResponse> {
  const context = createContext(request, reply, options)
  const { operation } = context
  const answer = apollo
    .executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers: forwardedHeaders(request), search: '', body: request.body },
      context: async () => context,
    })
    .finally(() => operation.close())
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    const wait = (): void => {
      timer = setTimeout(expire, options.deadlineMilliseconds ?? DEADLINE_MILLISECONDS)
    }
    const expire = (): void => {
      if (operation.longWrite) return void operation.longWrite.then(wait)
      const error = operation.stop()
      if (error) reject(error)
    }
    wait()
  })
  return Promise.race([answer, deadline]).finally(() => clearTimeout(timer))
}

// They are made for others to read: whoever was sent one must not be able to act here in the name of its person.
function refuseAccessToken({ headers }: FastifyRequest): void {
  const [scheme, token = ''] = headers.authorization?.split(' ') ?? []
  if (scheme?.toLowerCase() === 'bearer' && isJwt(token))
    throw new AppError(
      'UNAUTHENTICATED',
      'Access tokens are for your applications and open nothing here; send the session token.',
    )
}

function createContext(
  request: FastifyRequest,
  reply: FastifyReply,
  { spine, cookies, publicUrl, tokens, installation, outside }: GraphQLOptions,
): GraphQLContext {
  const operation = new Operation(spine, callerOf(request, cookies))
  const loaders = createLoaders(operation)
  operation.onFreshView(() => loaders.clear())
  return {
    operation,
    loaders,
    publicUrl,
    tokens,
    installation,
    outside,
    isBrowser: request.headers.authorization === undefined,
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
