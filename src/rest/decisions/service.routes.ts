import type { FastifyInstance } from 'fastify'
import { AppError } from '../../kernel/errors'
import { evaluationRoutes } from './evaluation.routes'
import { introspectionRoute } from './introspection.route'
import { callerOfService } from './service-caller'
import { answerServiceError } from './service-error'
import type { ServiceOptions } from './service-options'

/**
 * Everything that services of the platform ask of Gatehouse by the service key, or its operator: introspection of tokens
 * and authorization checks. Nobody else gets as far as being read.
 */
export async function serviceRoutes(app: FastifyInstance, options: ServiceOptions): Promise<void> {
  const { spine, cookies, publicUrl } = options
  app.get('/.well-known/authzen-configuration', async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=3600').send({
      policy_decision_point: publicUrl,
      access_evaluation_endpoint: `${publicUrl}/access/v1/evaluation`,
      access_evaluations_endpoint: `${publicUrl}/access/v1/evaluations`,
    }),
  )
  await app.register(async (scope) => {
    scope.removeContentTypeParser('text/plain')
    scope.setErrorHandler(answerServiceError)
    scope.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const { kind } = spine.authenticator.proveService(callerOfService(request, cookies))
      if (kind === 'anonymous') throw new AppError('UNAUTHENTICATED', 'Send the service key as a bearer token.')
    })
    await scope.register(evaluationRoutes, options)
    await scope.register(introspectionRoute, options)
  })
}
