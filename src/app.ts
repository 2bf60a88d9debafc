import cookie from '@fastify/cookie'
import cors from '@fastify/cors'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import { version } from '../package.json'
import { answerScimError, type RateLimit, scimRoutes } from '../scim/http'
import { Authenticator, SharedWrites, type Spine } from './access'
import type { DevelopmentMailbox } from './dev'
import { graphqlRoutes } from './graphql/routes'
import { callerOf, createSessionCookies } from './http'
import { newId } from './kernel/ids'
import { findAccountSession, type Provider } from './modules/accounts'
import { findKeyActor } from './modules/api-keys'
import { findDirectoryActor } from './modules/directories'
import { measureBacklog } from './modules/outbox'
import { findOrganizationSession, markActive } from './modules/sessions'
import { findSetupActor } from './modules/setup-links'
import type { Config } from './platform/config'
import { createSealer } from './platform/crypto'
import { type Database, pendingMigrations } from './platform/database'
import { createOutside, type Outside } from './platform/outside'
import {
  createMetrics,
  getGraphqlRoute,
  healthRoutes,
  leakReportRoutes,
  observeRequests,
  observeUseCases,
  serviceRoutes,
  setSecurityHeaders,
  tokenRoutes,
  wellKnownRoutes,
} from './rest'
import {
  configureProviders,
  createCompanyClients,
  createLogoutVerifier,
  type ProviderSurroundings,
  signInRoutes,
} from './sign-in'
import type { SendMail } from './worker/mail-kinds'
import { startWorker, type Worker } from './worker/worker'

const BODY_LIMIT = 256 * 1024

/** For the platform's own frontends, which call with cookies. */
const CORS = {
  credentials: true,
  methods: ['POST'],
  allowedHeaders: ['content-type', 'authorization', 'apollo-require-preflight', 'gatehouse-organization'],
  exposedHeaders: ['x-request-id', 'retry-after'],
  maxAge: 3600,
}

/** A Gatehouse without its process: everything but listening, signals and the database's own life. */
export interface App {
  readonly server: FastifyInstance
  readonly spine: Spine
  /**
   * Starts what happens without a caller: mail, sealing, cleaning. `close` stops it. Does nothing the second time.
   *
   * @param developmentMailbox  takes the mails where no SMTP_URL is set
   */
  startWorker(developmentMailbox?: SendMail): void
  close(): Promise<void>
}

/** What the environment does not say; nothing of it is needed. */
export interface Surroundings extends ProviderSurroundings {
  /** Stands for the internet; the real one when absent. */
  readonly outside?: Outside
  /** Shown at /dev/mailbox; not in production. */
  readonly mailbox?: DevelopmentMailbox
  /** Requests to /login per minute and network address; 30 when absent. */
  readonly signInsPerMinute?: number
  /** Requests of one SCIM token that a process answers; what the settings say, and twice as many saved up, when absent. */
  readonly scimRateLimit?: RateLimit
}

const SIGN_INS_PER_MINUTE = 30

/** Puts the parts together: this file is the list of what is mounted where. */
export async function createApp(
  config: Config,
  database: Database,
  logger: FastifyBaseLogger,
  surroundings: Surroundings = {},
): Promise<App> {
  const metrics = createMetrics({
    poolSizes: () => database.poolSizes(),
    measureBacklog: () => database.write({ kind: 'installation' }, measureBacklog),
  })
  let worker: Worker | null = null
  const spine: Spine = {
    database,
    authenticator: new Authenticator(
      {
        findAccountSession,
        findOrganizationSession,
        findKey: findKeyActor,
        findDirectory: findDirectoryActor,
        findSetupLink: findSetupActor,
      },
      config,
    ),
    sealer: createSealer(config.masterKeys),
    report: observeUseCases(logger, metrics),
    sharedWrites: new SharedWrites(),
    messagesQueued: () => worker?.wake(),
    markActive: markActive(database),
  }
  const server = fastify({
    loggerInstance: logger,
    bodyLimit: BODY_LIMIT,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    genReqId: () => `req_${newId()}`,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    // A path that cannot be decoded, such as /%ff, never reaches a route, and so no error handler of one.
    frameworkErrors: (error, request, reply: FastifyReply) =>
      void (request.url.startsWith('/scim/') ? answerScimError(error, request, reply) : reply.send(error)),
  })
  const outside = surroundings.outside ?? createOutside({ allowsLoopback: config.environment !== 'production' })
  const cookies = createSessionCookies(config.publicUrl)
  const dev = config.environment === 'production' ? null : await import('./dev/index.js')
  const graphiql = dev?.isGraphiqlInstalled() ? dev : null
  const ownOrigins = ownOriginsOf(config)
  const allowedOrigins = new Set([...ownOrigins, ...config.allowedOrigins])
  const providers = configureProviders(config, surroundings)
  const offersEmailCodes = config.emailCodes && (config.smtpUrl !== undefined || dev !== null)
  const loginMethods: Provider[] = [
    ...providers.map(({ provider }) => provider),
    ...(offersEmailCodes ? ['EMAIL' as const] : []),
  ]
  observeRequests(server, metrics)
  setSecurityHeaders(server, config.publicUrl.startsWith('https:'))
  await server.register(cookie)
  await server.register(healthRoutes, {
    metrics,
    isDatabaseReachable: () => database.isReachable(),
    hasPendingMigrations: () => pendingMigrations(database.dataSource),
    isOperator: (request) => spine.authenticator.isOperator(callerOf(request, cookies)),
  })
  const tokens = { issuer: config.publicUrl, audiences: config.tokenAudiences }
  await server.register(serviceRoutes, { spine, cookies, publicUrl: config.publicUrl, tokens })
  await server.register(tokenRoutes, { spine, tokens })
  await server.register(wellKnownRoutes, { spine, tokens })
  await server.register(leakReportRoutes, { spine })
  getGraphqlRoute(server, graphiql?.graphiqlPage() ?? null)
  if (graphiql) await server.register(graphiql.graphiqlRoutes)
  await server.register(async (scope) => {
    await scope.register(cors, { ...CORS, origin: [...allowedOrigins] })
    await scope.register(graphqlRoutes, {
      spine,
      cookies,
      publicUrl: config.publicUrl,
      tokens,
      installation: { version, loginMethods },
      outside,
      allowedOrigins,
      isDevelopment: config.environment !== 'production',
      logCause: (error, requestId) => logger.error({ err: error, requestId }, 'graphql operation failed'),
    })
  })
  if (config.surfaces.has('scim'))
    await server.register(scimRoutes, {
      spine,
      publicUrl: config.publicUrl,
      rateLimit: surroundings.scimRateLimit ?? {
        perSecond: config.scimRateLimit,
        burst: config.scimRateLimit * 2,
      },
      logError: (error, what) => logger.error({ err: error }, what),
    })
  if (dev && surroundings.mailbox) await server.register(dev.mailboxRoutes, { mailbox: surroundings.mailbox })
  await server.register(signInRoutes, {
    spine,
    cookies,
    publicUrl: config.publicUrl,
    outside,
    ownOrigins: new Set(ownOrigins),
    providers,
    companyClients: createCompanyClients(outside, config.publicUrl),
    verifyLogoutToken: createLogoutVerifier(outside),
    offersEmailCodes,
    explorerUrl: graphiql && '/graphql',
    signInsPerMinute: surroundings.signInsPerMinute ?? SIGN_INS_PER_MINUTE,
  })
  return {
    server,
    spine,
    startWorker(developmentMailbox) {
      worker ??= startWorker({ spine, outside, config, logger, developmentMailbox })
    },
    async close() {
      await server.close()
      await worker?.stop()
    },
  }
}

/** A developer may type localhost or 127.0.0.1; in production there is one name. */
function ownOriginsOf({ environment, publicUrl }: Config): string[] {
  const { protocol, hostname, port } = new URL(publicUrl)
  if (environment === 'production' || hostname !== 'localhost') return [publicUrl]
  return [publicUrl, `${protocol}//127.0.0.1:${port}`]
}
