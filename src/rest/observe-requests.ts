import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { UseCaseReport } from '../access'
import { redactUrl } from '../platform/redaction'
import type { Metrics } from './metrics'

/** Asked every few seconds by machines: of interest only when they fail. */
const QUIET_ROUTES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])
/** Asked by services on every request of theirs: a line about each would tell of nothing else. */
const DECISIONS: ReadonlySet<string> = new Set(['/access/v1/evaluation', '/access/v1/evaluations', '/oauth/introspect'])
const REFUSALS: ReadonlySet<string> = new Set(['FORBIDDEN', 'UNAUTHENTICATED'])

/** Gives every answer its request id, counts it, and writes one line about it. To be called before any route is made. */
export function observeRequests(server: FastifyInstance, metrics: Metrics): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    metrics.countRequest({
      method: request.method,
      route,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    })
    writeAccessLine(request, reply, route)
    done()
  })
}

function writeAccessLine(request: FastifyRequest, reply: FastifyReply, route: string): void {
  const isQuiet =
    ((QUIET_ROUTES.has(route) || route.startsWith('/dev/graphiql')) && reply.statusCode < 500) ||
    (DECISIONS.has(route) && reply.statusCode < 400)
  request.log[isQuiet ? 'debug' : 'info'](
    {
      method: request.method,
      url: redactUrl(request.url),
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      ip: request.ip,
    },
    'request',
  )
}

/** Refusals have a line of their own: a wave of them is what whoever watches an installation looks for. */
export function observeUseCases(
  logger: { warn(fields: object, message: string): void },
  metrics: Metrics,
): (report: UseCaseReport) => void {
  return (report) => {
    metrics.countUseCase(report)
    const { useCase, outcome, actorKind, requestId } = report
    if (REFUSALS.has(outcome)) logger.warn({ useCase, outcome, actorKind, requestId }, 'refused')
  }
}
