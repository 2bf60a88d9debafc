import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Metrics } from './metrics'

/** What the health pages ask. */
export interface HealthOptions {
  readonly metrics: Metrics
  isDatabaseReachable(): Promise<boolean>
  hasPendingMigrations(): Promise<boolean>
  /** True when the request bears the operator's key. */
  isOperator(request: FastifyRequest): boolean
}

const RETRY_AFTER_SECONDS = 5

/**
 * `/healthz` says that the process answers; `/readyz` that it can work: 503 with Retry-After and the reason otherwise,
 * also while it drains. `/metrics` is for this machine and for the operator's key.
 */
export async function healthRoutes(app: FastifyInstance, options: HealthOptions): Promise<void> {
  app.get('/healthz', async () => ({ status: 'ok' }))

  app.get('/readyz', async (_request, reply) => {
    const problem = await whyNotReady(options)
    if (!problem) return { status: 'ready' }
    return reply.code(503).header('retry-after', RETRY_AFTER_SECONDS).send({ status: 'not ready', problem })
  })

  app.get('/metrics', async (request, reply) => {
    if (!isFromThisMachine(request) && !options.isOperator(request))
      return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'The operator key opens this page.' })
    const { contentType, text } = await options.metrics.print()
    return reply.header('content-type', contentType).send(text)
  })
}

// Fastify answers 503 by itself once it closes, so draining needs no question here.
async function whyNotReady(options: HealthOptions): Promise<string | null> {
  if (!(await options.isDatabaseReachable())) return 'the database cannot be reached'
  const isBehind = await options.hasPendingMigrations().catch(() => true)
  return isBehind ? 'the database lacks migrations of this version' : null
}

/** The connection counts, not X-Forwarded-For; a proxy on this machine asks for somebody else. */
function isFromThisMachine(request: FastifyRequest): boolean {
  if (request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined) return false
  const address = request.socket.remoteAddress ?? ''
  return address === '::1' || /^(?:::ffff:)?127\./.test(address)
}
