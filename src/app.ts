import cookie from '@fastify/cookie'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { Authenticator, type Spine } from './access'
import { graphqlRoutes } from './graphql/routes'
import { createSessionCookies } from './http'
import { newId } from './kernel/ids'
import { findAccountSession } from './modules/accounts'
import { findOrganizationSession } from './modules/sessions'
import type { Config } from './platform/config'
import { createSealer } from './platform/crypto'
import type { Database } from './platform/database'

const BODY_LIMIT = 256 * 1024

/** A Gatehouse without its process: everything but listening, signals and the database's own life. */
export interface App {
  readonly server: FastifyInstance
  readonly spine: Spine
  close(): Promise<void>
}

/** Puts the parts together: this file is the list of what is mounted where. */
export async function createApp(config: Config, database: Database, logger: FastifyBaseLogger): Promise<App> {
  const spine: Spine = {
    database,
    authenticator: new Authenticator({ findAccountSession, findOrganizationSession }, config.operatorKeys),
    sealer: createSealer(config.masterKeys),
    report: () => {},
  }
  const server = fastify({
    loggerInstance: logger,
    bodyLimit: BODY_LIMIT,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    genReqId: () => `req_${newId()}`,
    logController: new LogController({ disableRequestLogging: true }),
  })
  const cookies = createSessionCookies(config.publicUrl)
  const allowedOrigins = new Set([config.publicUrl, ...config.allowedOrigins])
  await server.register(cookie)
  await server.register(graphqlRoutes, {
    spine,
    cookies,
    allowedOrigins,
    isDevelopment: config.environment !== 'production',
    logCause: (error, requestId) => logger.error({ err: error, requestId }, 'graphql operation failed'),
  })
  return { server, spine, close: () => server.close() }
}
