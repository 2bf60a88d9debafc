import formbody from '@fastify/formbody'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { anonymousCaller, Operation } from '../../access'
import { AppError } from '../../kernel/errors'
import { invalidGrant, isJwt, revokeRefreshToken, useRefreshToken } from '../../modules/tokens'
import { readToken } from '../../platform/crypto'
import { answerOAuthError, OAuthError } from './oauth-error'
import type { TokenOptions } from './token-options'

/**
 * `POST /oauth/token` (RFC 6749 §6) and `POST /oauth/revoke` (RFC 7009) for refresh tokens. Who presents one has proven
 * everything there is to prove; nobody registers as a client.
 */
export async function tokenRoutes(app: FastifyInstance, { spine, tokens }: TokenOptions): Promise<void> {
  await app.register(formbody)
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.setErrorHandler(answerOAuthError)
  // RFC 6749 §5.1
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'))

  app.post('/oauth/token', async (request, reply) => {
    const form = (request.body ?? {}) as Record<string, unknown>
    if (parameter(form, 'grant_type') !== 'refresh_token')
      throw new OAuthError(
        'unsupported_grant_type',
        'The grant_type is refresh_token; access tokens begin with mintAccessToken.',
      )
    const presented = readRefreshToken(parameter(form, 'refresh_token'))
    if (!presented) throw invalidGrant()
    const given = await operationOf(request)
      .execute(useRefreshToken, { ...presented, issuer: tokens })
      .catch(ignoreUnknown)
    if (!given) throw invalidGrant()
    return reply.send({
      access_token: given.accessToken,
      token_type: 'Bearer',
      expires_in: given.expiresInSeconds,
      refresh_token: given.refreshToken,
    })
  })

  app.post('/oauth/revoke', async (request, reply) => {
    const token = parameter((request.body ?? {}) as Record<string, unknown>, 'token')
    if (isJwt(token))
      throw new OAuthError('unsupported_token_type', 'An access token ends by itself, or with its session.')
    const presented = readRefreshToken(token)
    // RFC 7009 §2.2: what is unknown is revoked already.
    if (presented) await operationOf(request).execute(revokeRefreshToken, presented).catch(ignoreUnknown)
    return reply.send({})
  })

  const operationOf = ({ id, ip, headers }: FastifyRequest): Operation =>
    new Operation(spine, anonymousCaller({ id, ip, userAgent: headers['user-agent']?.slice(0, 300) ?? null }))
}

/** @throws OAuthError  missing, empty or sent twice (RFC 6749 §3.2) */
function parameter(form: Record<string, unknown>, name: string): string {
  const value = form[name]
  if (typeof value === 'string' && value !== '') return value
  throw new OAuthError('invalid_request', `Send ${name} once, as a parameter of the form.`)
}

function readRefreshToken(token: string): { organizationId: string; tokenHash: Buffer } | null {
  const read = readToken('refreshToken', token)
  return read?.organizationId ? { organizationId: read.organizationId, tokenHash: read.hash } : null
}

/** The organization that it names is none, or waits for its deletion: the token is as good as unknown. */
function ignoreUnknown(error: unknown): null {
  if (error instanceof AppError && error.code === 'NOT_FOUND') return null
  throw error
}
